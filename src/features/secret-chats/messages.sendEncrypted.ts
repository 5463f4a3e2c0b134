import { secretChat } from '../../domain/secret-chats.ts'
import { method } from '../../rpc/method.ts'
import { sendSealed } from './actions.ts'
import { checkSealed } from './keys.ts'

export default method(
  'messages.sendEncrypted',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const chat = await secretChat(tx, req.peer, 'ENCRYPTION_DECLINED')
      checkSealed(req.data, tx.app.config.limits.secretBytes)
      const { date } = await sendSealed(tx, chat, { randomId: req.randomId, bytes: req.data, service: false })
      return { _: 'messages.sentEncryptedMessage', date }
    }),
  { flood: 'send' },
)
