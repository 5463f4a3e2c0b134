import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** Whoever has set nothing is told of everybody's reactions and votes, with previews and the usual sound. */
const DEFAULT: tl.reactionsNotifySettings = {
  _: 'reactionsNotifySettings',
  messagesNotifyFrom: { _: 'reactionNotificationsFromAll' },
  storiesNotifyFrom: { _: 'reactionNotificationsFromAll' },
  pollVotesNotifyFrom: { _: 'reactionNotificationsFromAll' },
  sound: { _: 'notificationSoundDefault' },
  showPreviews: true,
}

/** https://core.telegram.org/constructor/reactionsNotifySettings */
export async function notifySettings(ctx: Ctx): Promise<tl.ReactionsNotifySettings> {
  const row = await ctx.db
    .selectFrom('reaction_setting')
    .select('notify')
    .where('owner', '=', ctx.userId)
    .executeTakeFirst()
  return row?.notify ? (readObject(row.notify) as tl.ReactionsNotifySettings) : DEFAULT
}
