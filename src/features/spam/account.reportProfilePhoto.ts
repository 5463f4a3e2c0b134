import { access } from '../../domain/access.ts'
import { namedPhoto } from '../../domain/files.ts'
import { fileReport, reasonName } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.reportProfilePhoto',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      if (peer.kind === 'user' && peer.self) throw new RpcError('PEER_ID_INVALID')
      // Without a photo it is the one that is shown now.
      const empty = req.photoId._ === 'inputPhotoEmpty'
      const id = empty ? (peer.row.photo_id ?? 0) : (await namedPhoto(tx, req.photoId, 'PHOTO_ID_INVALID')).id
      const reason = reasonName(req.reason)
      await fileReport(tx, { kind: 'photo', peer: peer.peer, id, reason, comment: req.message })
      return true
    }),
  { flood: 'write' },
)
