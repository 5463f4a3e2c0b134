import { access } from '../../domain/access.ts'
import { hidePeerBar } from '../../domain/peer-bar.ts'
import { fileReport } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** The bar above the chat, from which it is reported, has done its work then. */
export default method(
  'messages.reportSpam',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      if (peer.kind === 'user' && peer.self) throw new RpcError('PEER_ID_INVALID')
      await fileReport(tx, { kind: 'spam', peer: peer.peer })
      await hidePeerBar(tx.aloud, peer)
      return true
    }),
  { flood: 'write' },
)
