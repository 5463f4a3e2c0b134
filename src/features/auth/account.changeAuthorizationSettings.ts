import { AUTHORIZATION, authorizationByHash, newAuthorization } from '../../domain/authorizations.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.changeAuthorizationSettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const row = await authorizationByHash(tx, req.hash)
      let { flags } = row
      const set = (bit: number, on: boolean | undefined) => {
        if (on !== undefined) flags = on ? flags | bit : flags & ~bit
      }
      set(AUTHORIZATION.noSecretChats, req.encryptedRequestsDisabled)
      set(AUTHORIZATION.noCalls, req.callRequestsDisabled)
      if (req.confirmed) flags &= ~AUTHORIZATION.unconfirmed
      if (flags === row.flags) return true
      await tx.trx.updateTable('auth_key').set({ flags }).where('id', '=', row.id).execute()
      const confirmed = (row.flags & ~flags & AUTHORIZATION.unconfirmed) !== 0
      if (confirmed) await tx.publish(tx.userId, { kind: 'update', update: newAuthorization(tx, { ...row, flags }) })
      return true
    }),
  { flood: 'write' },
)
