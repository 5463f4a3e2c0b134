import { COLLECTIBLE_NAME, collectibleRow } from '../../domain/collectibles.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'fragment.getCollectibleInfo',
  async (ctx, req) => {
    const { kind, name } = named(req.collectible)
    const row = await collectibleRow(ctx, kind, name)
    if (!row) throw new RpcError('COLLECTIBLE_NOT_FOUND')
    return {
      _: 'fragment.collectibleInfo',
      purchaseDate: row.purchase_date,
      currency: row.currency,
      amount: BigInt(row.amount),
      cryptoCurrency: row.crypto_currency,
      cryptoAmount: BigInt(row.crypto_amount),
      url: row.url,
    }
  },
  { flood: 'search' },
)

/** COLLECTIBLE_INVALID for what is no username or number at all. */
function named(input: tl.InputCollectible): { kind: 'username' | 'phone'; name: string } {
  if (input._ === 'inputCollectibleUsername') {
    if (!COLLECTIBLE_NAME.test(input.username)) throw new RpcError('COLLECTIBLE_INVALID')
    return { kind: 'username', name: input.username.toLowerCase() }
  }
  const name = input.phone.replace(/^\+/, '')
  if (!/^\d{5,15}$/.test(name)) throw new RpcError('COLLECTIBLE_INVALID')
  return { kind: 'phone', name }
}
