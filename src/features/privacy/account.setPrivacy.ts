import { setRules } from '../../domain/privacy-rules.ts'
import { method } from '../../rpc/method.ts'
import { keyOf, readRules, viewPrivacy } from './rules.ts'

export default method(
  'account.setPrivacy',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const rules = await readRules(tx, req.rules)
      await setRules(tx, keyOf(req.key), rules)
      return viewPrivacy(tx, rules)
    }),
  { flood: 'write' },
)
