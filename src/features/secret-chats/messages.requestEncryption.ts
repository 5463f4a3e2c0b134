import { access } from '../../domain/access.ts'
import { permissions } from '../../domain/privacy.ts'
import { needsPremiumToWrite } from '../../domain/requirements.ts'
import { viewSecretChat } from '../../domain/secret-chats.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { requestChat } from './actions.ts'
import { checkPower } from './keys.ts'

export default method(
  'messages.requestEncryption',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const user = await access.user(tx, req.userId)
      if (user.self || user.row.bot === 1 || user.row.support === 1) throw new RpcError('USER_ID_INVALID')
      if (user.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
      checkPower(req.gA)
      if ((await permissions(tx, [user.id])).blocks(user.id)) throw new RpcError('USER_IS_BLOCKED')
      if (await needsPremiumToWrite(tx, user.row)) throw new RpcError('PRIVACY_PREMIUM_REQUIRED')
      const row = await requestChat(tx, user, req.randomId, req.gA)
      return (await viewSecretChat(tx, row)) ?? { _: 'encryptedChatEmpty', id: row.id }
    }),
  { flood: 'create' },
)
