import { clearDrafts } from '../../domain/drafts.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.clearAllDrafts',
  async (ctx) => {
    await ctx.transact(clearDrafts)
    return true
  },
  { flood: 'write' },
)
