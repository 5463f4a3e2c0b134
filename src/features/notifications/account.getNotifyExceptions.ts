import { NOTIFY_SCOPES, scopeOf } from '../../domain/notify.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { accessTarget, targetOf, viewSettings } from './targets.ts'

export default method(
  'account.getNotifyExceptions',
  async (ctx, req) => {
    const target = req.peer && (await accessTarget(ctx, req.peer))
    const rows = await ctx.db
      .selectFrom('notify_setting')
      .select(['scope', 'tl'])
      .where('owner', '=', ctx.userId)
      .where('scope', 'not in', [...NOTIFY_SCOPES])
      .orderBy('scope')
      .execute()
    const updates: tl.Update[] = []
    for (const row of rows) {
      const at = targetOf(row.scope)
      const peer = Number.parseInt(row.scope, 10)
      // A community is of no scope.
      const within = Number.isNaN(peer) ? [at] : [at, peer, await scopeOf(ctx, peer)]
      if (target !== undefined && !within.includes(target)) continue
      const settings = readObject(row.tl) as tl.peerNotifySettings
      const sounds = [settings.otherSound, req.compareStories && settings.storiesOtherSound]
      const differs =
        (settings.muteUntil ?? settings.showPreviews) !== undefined ||
        (req.compareStories && (settings.storiesMuted ?? settings.storiesHideSender) !== undefined) ||
        (req.compareSound && sounds.some(Boolean))
      if (differs) updates.push(viewSettings(at, settings))
    }
    return asUpdates(ctx, updates)
  },
  { flood: 'read' },
)
