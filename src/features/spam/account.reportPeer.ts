import { access } from '../../domain/access.ts'
import { fileReport, reasonName } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.reportPeer',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      if (peer.kind === 'user' && peer.self) throw new RpcError('PEER_ID_INVALID')
      await fileReport(tx, { kind: 'peer', peer: peer.peer, reason: reasonName(req.reason), comment: req.message })
      return true
    }),
  { flood: 'write' },
)
