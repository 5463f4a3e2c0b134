import { namedSecretChat, SECRET_STATE, viewSecretChat } from '../../domain/secret-chats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { acceptChat } from './actions.ts'
import { checkPower } from './keys.ts'

export default method(
  'messages.acceptEncryption',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await namedSecretChat(tx, req.peer)
      if (chat.participant_id !== tx.userId) throw new RpcError('CHAT_ID_INVALID')
      if (chat.state === SECRET_STATE.discarded) throw new RpcError('ENCRYPTION_ALREADY_DECLINED')
      if (chat.state === SECRET_STATE.accepted) throw new RpcError('ENCRYPTION_ALREADY_ACCEPTED')
      checkPower(req.gB)
      const row = await acceptChat(tx, chat, req.gB, req.keyFingerprint)
      return (await viewSecretChat(tx, row)) ?? { _: 'encryptedChatEmpty', id: row.id }
    }),
  { flood: 'write' },
)
