import { secretChat } from '../../domain/secret-chats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { readChat } from './actions.ts'

export default method(
  'messages.readEncryptedHistory',
  (ctx, { peer, maxDate }) =>
    ctx.transact(async (tx) => {
      const chat = await secretChat(tx, peer)
      if (!(maxDate > 0 && maxDate <= tx.now)) throw new RpcError('MAX_DATE_INVALID')
      await readChat(tx, chat, maxDate)
      return true
    }),
  { flood: 'write' },
)
