import { tellName, tellUser } from '../../domain/acquaintances.ts'
import { limitFor } from '../../domain/premium-limits.ts'
import { userRow } from '../../domain/user-rows.ts'
import { viewUser } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { cut } from './texts.ts'

export default method(
  'account.updateProfile',
  async (ctx, req) => {
    const { nameLength } = ctx.app.config.limits
    const firstName = req.firstName?.trim()
    if (firstName !== undefined && (firstName === '' || firstName.length > nameLength)) {
      throw new RpcError('FIRSTNAME_INVALID')
    }
    const lastName = req.lastName === undefined ? undefined : cut(req.lastName.trim(), nameLength)
    const about = req.about?.trim()
    if (about !== undefined && about.length > (await limitFor(ctx, 'aboutLength', about.length))) {
      throw new RpcError('ABOUT_TOO_LONG')
    }
    await ctx.transact(async (tx) => {
      const before = (await userRow(tx, tx.userId))!
      const named =
        (firstName ?? before.first_name) !== before.first_name || (lastName ?? before.last_name) !== before.last_name
      if (!named && (about ?? before.about) === before.about) return
      // What the client leaves out stays as it is.
      const next = { first_name: firstName, last_name: lastName, about }
      await tx.trx.updateTable('user').set(next).where('id', '=', tx.userId).execute()
      if (named) await tellName(tx, tx.userId)
      else await tellUser(tx, tx.userId)
    })
    return viewUser(ctx, (await userRow(ctx, ctx.userId))!)
  },
  { flood: 'write' },
)
