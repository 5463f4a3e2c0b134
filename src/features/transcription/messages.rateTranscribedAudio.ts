import { access } from '../../domain/access.ts'
import { rowId } from '../../domain/files.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.rateTranscribedAudio',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const rated = await tx.trx
        .updateTable('transcription_use')
        .set({ rating: req.good ? 1 : 0 })
        .where('owner', '=', tx.userId)
        .where('id', '=', rowId(req.transcriptionId))
        .where('peer', '=', peer.peer)
        .where('message_id', '=', req.msgId)
        .returning('id')
        .executeTakeFirst()
      if (!rated) throw new RpcError('MSG_ID_INVALID')
      return true
    }),
  { flood: 'write' },
)
