import type { Selectable } from 'kysely'
import { query, type Store, type Tables } from '../storage/index.ts'
import { RpcError } from './errors.ts'

/** The session in which a call takes data out of the account. https://core.telegram.org/api/takeout */
export type Takeout = Selectable<Tables['takeout']>

const takeoutOf = query<{ owner: number; id: number }>()((db, p) =>
  db.selectFrom('takeout').selectAll().where('owner', '=', p.owner).where('id', '=', p.id).where('finished', '=', 0),
)

/** The account's session of that number; TAKEOUT_INVALID when there is none, or it was finished. */
export async function openTakeout(store: Store, owner: number, id: bigint): Promise<Takeout> {
  const known = id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER)
  const [row] = known ? await store.run(takeoutOf, { owner, id: Number(id) }) : []
  if (!row) throw new RpcError('TAKEOUT_INVALID')
  return row
}

/** The last number that there can be: up to it goes the last range. */
export const LAST_ID = 0x7fffffff

/**
 * Bounds a call to messages of certain numbers: those that page by them have bounds of their own, which are drawn
 * tighter. Channels have numbers of their own, which are all in the last range.
 * https://core.telegram.org/method/invokeWithMessagesRange
 */
export function narrow(params: any, range: { minId: number; maxId: number }): void {
  if (typeof params.minId !== 'number' || typeof params.maxId !== 'number') return
  if (params.peer?._ === 'inputPeerChannel') {
    if (range.maxId < LAST_ID) params.maxId = 1
    return
  }
  // A call's own bounds are outside of what is asked for, and 0 means none.
  params.minId = Math.max(params.minId, range.minId - 1)
  params.maxId = Math.min(params.maxId || Number.POSITIVE_INFINITY, range.maxId + 1)
}
