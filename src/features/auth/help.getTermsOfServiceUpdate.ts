import { method } from '../../rpc/method.ts'
import { acceptedTerms, termsFor } from './terms.ts'

/** Clients ask again so many seconds later. */
const AGAIN = 86_400

export default method(
  'help.getTermsOfServiceUpdate',
  async (ctx) => {
    const expires = ctx.now + AGAIN
    const current = await termsFor(ctx)
    if (!current || (await acceptedTerms(ctx, ctx.userId)) === current.id) {
      return { _: 'help.termsOfServiceUpdateEmpty', expires }
    }
    return { _: 'help.termsOfServiceUpdate', expires, termsOfService: current.terms }
  },
  { flood: 'read' },
)
