import { access } from '../../domain/access.ts'
import { chooseAuthor } from '../../domain/send-as.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.saveDefaultSendAs',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      // One speaks as something else in supergroups alone.
      if (peer.kind !== 'channel' || peer.row.megagroup === 0) throw new RpcError('PEER_ID_INVALID')
      const author = await access.peer(tx, req.sendAs)
      await chooseAuthor(tx, peer, author.peer)
      return true
    }),
  { flood: 'write' },
)
