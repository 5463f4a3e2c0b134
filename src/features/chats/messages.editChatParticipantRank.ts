import { access } from '../../domain/access.ts'
import { checkRank } from '../../domain/ranks.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { rankInChannel, rankInChat } from './ranks.ts'

export default method(
  'messages.editChatParticipantRank',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await access.peer(tx, req.peer)
      if (chat.kind === 'user') throw new RpcError('PEER_ID_INVALID')
      const user = await access.userPeer(tx, req.participant)
      const rank = checkRank(req.rank)
      const update =
        chat.kind === 'chat' ? await rankInChat(tx, chat, user, rank) : await rankInChannel(tx, chat, user, rank)
      return asUpdates(tx, [update])
    }),
  { flood: 'write' },
)
