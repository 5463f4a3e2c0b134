import { access } from '../../domain/access.ts'
import { announceIn, logEvent, tellAll } from '../../domain/channel-members.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { communityNamed } from '../../domain/communities.ts'
import { editCommunity } from '../../domain/community-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { checkTitle } from './texts.ts'

export default method(
  'channels.editTitle',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const community = await communityNamed(tx, req.channel)
      if (community) return editCommunity(tx, community, { title: checkTitle(tx, req.title) })
      const channel = await locked(tx, req.channel)
      mustInChannel(tx, channel, 'changeInfo')
      const title = checkTitle(tx, req.title)
      const prevValue = channel.row.title
      if (title === prevValue) throw new RpcError('CHAT_NOT_MODIFIED')
      await setChannel(tx, channel, { title })
      const action = { _: 'channelAdminLogEventActionChangeTitle' as const, prevValue, newValue: title }
      await logEvent(tx, channel.id, 'info', action, `${prevValue} ${title}`)
      const update = await tellAll(tx, channel.id)
      const said = { action: { _: 'messageActionChatEditTitle' as const, title } }
      return changed(tx, [update], [await announceIn(tx, access.me(tx), channel.id, said)])
    }),
  { flood: 'write' },
)
