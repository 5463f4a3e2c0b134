import { discardSecretChat, SECRET_STATE, secretChatRow, sideOf } from '../../domain/secret-chats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.discardEncryption',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.chatId === 0) throw new RpcError('CHAT_ID_EMPTY')
      const row = await secretChatRow(tx, req.chatId)
      if (!row) throw new RpcError('ENCRYPTION_ID_INVALID')
      // While nobody has accepted, each device of whoever was asked may refuse.
      const asked = row.participant_id === tx.userId
      if (!sideOf(tx, row) && !asked) throw new RpcError('ENCRYPTION_ID_INVALID')
      if (row.state === SECRET_STATE.discarded) throw new RpcError('ENCRYPTION_ALREADY_DECLINED')
      if (row.state === SECRET_STATE.accepted && !sideOf(tx, row)) throw new RpcError('ENCRYPTION_ALREADY_ACCEPTED')
      if (!(await discardSecretChat(tx, row.id, req.deleteHistory ?? false))) {
        throw new RpcError('ENCRYPTION_ALREADY_DECLINED')
      }
      return true
    }),
  { flood: 'write' },
)
