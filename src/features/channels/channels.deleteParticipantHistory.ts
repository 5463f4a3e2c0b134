import { access } from '../../domain/access.ts'
import { deleteOf } from '../../domain/channel-history.ts'
import { mustBeGroup, participant } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { method } from '../../rpc/method.ts'
import { boxState } from '../../updates/log.ts'

export default method(
  'channels.deleteParticipantHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      mustBeGroup(channel, 'CHANNEL_INVALID')
      mustInChannel(tx, channel, 'deleteMessages')
      const { peer } = await participant(tx, channel, req.participant)
      const { published, left } = await deleteOf(tx, channel, peer)
      const { pts } = published ?? (await boxState(tx, channel.peer))
      return { _: 'messages.affectedHistory', pts, ptsCount: published?.ptsCount ?? 0, offset: left }
    }),
  { flood: 'write' },
)
