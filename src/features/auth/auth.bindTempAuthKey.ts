import { openBindMessage } from '../../mtproto/index.ts'
import { keyName } from '../../rpc/authorizations.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { bindKey } from '../../rpc/mtproto-host.ts'
import { unseal } from '../../storage/seal.ts'
import { sessionOf } from './actions.ts'

export default method(
  'auth.bindTempAuthKey',
  async (ctx, req) => {
    const session = sessionOf(ctx)
    const temp = session.tempKey
    if (temp === 0n) throw new RpcError('TEMP_AUTH_KEY_EMPTY')
    if (req.expiresAt <= ctx.now) throw new RpcError('EXPIRES_AT_INVALID')
    const permId = BigInt.asUintN(64, req.permAuthKeyId)
    const perm = keyName(permId)
    const row = await ctx.db.selectFrom('auth_key').select(['sealed', 'temp']).where('id', '=', perm).executeTakeFirst()
    if (!row || row.temp === 1) throw new RpcError('ENCRYPTED_MESSAGE_INVALID')
    const inner = openBindMessage(unseal(ctx.app.secrets.seal, `auth_key:${perm}`, row.sealed), req.encryptedMessage)
    const right =
      inner !== undefined &&
      inner.nonce === req.nonce &&
      inner.permAuthKeyId === permId &&
      inner.tempAuthKeyId === temp &&
      inner.tempSessionId === session.id &&
      inner.expiresAt === req.expiresAt &&
      inner.msgId === ctx.msgId
    if (!right) throw new RpcError('ENCRYPTED_MESSAGE_INVALID')
    await ctx.transact(async (tx) => {
      const bound = await tx.trx
        .updateTable('auth_key')
        .set({ perm_id: perm })
        .where('id', '=', keyName(temp))
        .where((eb) => eb.or([eb('perm_id', 'is', null), eb('perm_id', '=', perm)]))
        .returning('id')
        .executeTakeFirst()
      if (!bound) throw new RpcError('TEMP_AUTH_KEY_ALREADY_BOUND')
      tx.onCommit(() => bindKey(session, permId))
    })
    return true
  },
  { anonymous: true, unbound: true, flood: 'write' },
)
