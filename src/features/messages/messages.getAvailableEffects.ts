import { availableEffects, EFFECTS_HASH } from '../../domain/effects.ts'
import { method } from '../../rpc/method.ts'

/** https://core.telegram.org/method/messages.getAvailableEffects */
export default method(
  'messages.getAvailableEffects',
  async (ctx, req) => {
    if (req.hash === EFFECTS_HASH) return { _: 'messages.availableEffectsNotModified' }
    return { _: 'messages.availableEffects', hash: EFFECTS_HASH, ...(await availableEffects(ctx)) }
  },
  { flood: 'read' },
)
