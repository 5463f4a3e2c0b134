/**
 * The hash by which a client says which list it has already, of the ids in their order.
 * https://core.telegram.org/api/offsets#hash-generation
 */
export function listHash(ids: Iterable<number | bigint>): bigint {
  let hash = 0n
  for (const id of ids) {
    hash ^= hash >> 21n
    hash ^= BigInt.asUintN(64, hash << 35n)
    hash ^= hash >> 4n
    hash = BigInt.asUintN(64, hash + BigInt(id))
  }
  return BigInt.asIntN(64, hash)
}
