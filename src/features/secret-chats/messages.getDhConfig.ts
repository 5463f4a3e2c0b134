import { DH_G, DH_PRIME } from '../../mtproto/dh.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Of the pair above; clients keep what they were given under it. */
const VERSION = 3
/** Random bytes one call gives at most. Clients ask for 256. */
const MAX_RANDOM = 1024

export default method(
  'messages.getDhConfig',
  async (ctx, { version, randomLength }) => {
    if (!(randomLength >= 0 && randomLength <= MAX_RANDOM)) throw new RpcError('RANDOM_LENGTH_INVALID')
    const random = ctx.app.random(randomLength)
    if (version === VERSION) return { _: 'messages.dhConfigNotModified', random }
    return { _: 'messages.dhConfig', g: DH_G, p: DH_PRIME, version: VERSION, random }
  },
  { flood: 'read' },
)
