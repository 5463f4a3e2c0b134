import { method } from '../../rpc/method.ts'
import { checkFilter, checkFilterId, dropFilter, keepFilter } from './filters.ts'

export default method(
  'messages.updateDialogFilter',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const id = checkFilterId(req.id)
      if (req.filter) await keepFilter(tx, await checkFilter(tx, id, req.filter))
      else await dropFilter(tx, id)
      return true
    }),
  { flood: 'write' },
)
