import { logEvent, tellAll } from '../../domain/channel-members.ts'
import { changed, locked, mustBeGroup } from '../../domain/channel-named.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { newestIn } from '../../domain/thread-counts.ts'
import { everForum, GENERAL, openGeneral } from '../../domain/topics.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleForum',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeGroup(channel)
      mustCreate(channel)
      const { row } = channel
      if (req.enabled && row.linked !== null) throw new RpcError('CHAT_DISCUSSION_UNALLOWED')
      if (row.gigagroup === 1) throw new RpcError('CHAT_ID_INVALID')
      const forum = req.enabled ? 1 : 0
      const tabs = req.enabled && req.tabs ? 1 : 0
      if (row.forum === forum && row.forum_tabs === tabs) throw new RpcError('CHAT_NOT_MODIFIED')
      if (row.forum !== forum) {
        // What is said while it is none is general. What was said before is for everybody who comes into a forum.
        const now = { forum_since: row.top_message, hidden_prehistory: 0 }
        await setChannel(tx, channel, { forum, forum_tabs: tabs, ...(req.enabled ? now : undefined) })
        if (req.enabled) {
          const place = { ...channel, row: { ...row, ...now } }
          const top = everForum(row) ? await newestIn(tx, place, GENERAL) : undefined
          await openGeneral(tx, row, top ?? { id: row.top_message, date: row.top_date })
        }
        const event = { _: 'channelAdminLogEventActionToggleForum' as const, newValue: req.enabled }
        await logEvent(tx, channel.id, 'forums', event)
      } else await setChannel(tx, channel, { forum_tabs: tabs })
      return changed(tx, [await tellAll(tx, channel.id)])
    }),
  { flood: 'write' },
)
