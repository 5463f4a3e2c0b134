import { query, run } from './query.ts'
import type { Trx } from './store.ts'

const advance = query<{ name: string; by: number }>()((db, p) =>
  db
    .insertInto('counter')
    .values({ name: p.name, value: p.by })
    .onConflict((c) =>
      c.column('name').doUpdateSet((eb) => ({ value: eb('counter.value', '+', eb.ref('excluded.value')) })),
    )
    .returning('value'),
)

/**
 * Takes the next number of a sequence (the first one is 1), or the first of `by` consecutive ones. A transaction that
 * is undone gives its numbers back, so that there are no holes.
 *
 * @NOTE On Postgres the row stays locked to the end of the transaction: whoever takes from the same sequence waits. Fine
 * for what is rare (accounts, channels); what every message needs is counted in its owner's own row.
 */
export async function nextId(trx: Trx, name: string, by = 1): Promise<number> {
  const [row] = await run(trx, advance, { name, by })
  return row!.value - by + 1
}
