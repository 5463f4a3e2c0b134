import { access } from '../../domain/access.ts'
import { storeEntities } from '../../domain/message-view.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { staff, viewNote } from './support.ts'

export default method(
  'help.editUserInfo',
  async (ctx, req) => {
    const { name } = await staff(ctx)
    const user = await access.user(ctx, req.userId)
    const text = req.message.slice(0, ctx.app.config.limits.messageLength)
    if (req.entities.some((e) => e.offset < 0 || e.length <= 0 || e.offset + e.length > text.length)) {
      throw new RpcError('ENTITY_BOUNDS_INVALID')
    }
    await ctx.transact(async (tx) => {
      const note = { message: text, entities: storeEntities(req.entities), author: name, date: tx.now }
      await tx.trx
        .insertInto('support_note')
        .values({ user_id: user.id, ...note })
        .onConflict((c) => c.column('user_id').doUpdateSet(note))
        .execute()
    })
    return viewNote(ctx, user.id)
  },
  { flood: 'write' },
)
