import { access } from '../../domain/access.ts'
import { needsPremiumToWrite } from '../../domain/requirements.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

const AT_ONCE = 100

export default method(
  'users.getRequirementsToContact',
  async (ctx, req) => {
    if (req.id.length > AT_ONCE) throw new RpcError('LIMIT_INVALID')
    const answer: tl.RequirementToContact[] = []
    for (const input of req.id) {
      const { row } = await access.user(ctx, input)
      const premium = await needsPremiumToWrite(ctx, row)
      answer.push({ _: premium ? 'requirementToContactPremium' : 'requirementToContactEmpty' })
    }
    return answer
  },
  { flood: 'read' },
)
