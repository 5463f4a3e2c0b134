import { access } from '../../domain/access.ts'
import { atRest } from '../../domain/message-view.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { tellAutoSave } from './tell.ts'

export default method(
  'account.saveAutoSaveSettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const scope = await scopeOf(tx, req)
      const { photos, videos, videoMaxSize } = req.settings
      const owner = tx.userId
      if (videoMaxSize !== undefined && videoMaxSize < 0n) throw new RpcError('LIMIT_INVALID')
      // Settings that say nothing end an exception.
      if (req.peer && !photos && !videos && videoMaxSize === undefined) {
        await tx.trx.deleteFrom('auto_save').where('owner', '=', owner).where('scope', '=', scope).execute()
      } else {
        const settings: tl.autoSaveSettings = { _: 'autoSaveSettings', photos, videos, videoMaxSize }
        const row = { tl: atRest(settings) }
        await tx.trx
          .insertInto('auto_save')
          .values({ owner, scope, ...row })
          .onConflict((c) => c.columns(['owner', 'scope']).doUpdateSet(row))
          .execute()
      }
      await tellAutoSave(tx)
      return true
    }),
  { flood: 'write' },
)

/** What the settings are for: one kind of dialogs, or one dialog. PEER_ID_INVALID for none, or several. */
async function scopeOf(ctx: Ctx, req: Params<'account.saveAutoSaveSettings'>): Promise<string> {
  const kinds = (['users', 'chats', 'broadcasts'] as const).filter((kind) => req[kind])
  if (kinds.length + (req.peer ? 1 : 0) !== 1) throw new RpcError('PEER_ID_INVALID')
  return req.peer ? String((await access.peer(ctx, req.peer)).peer) : kinds[0]!
}
