import pg from 'pg'
import type { Batch } from '../../src/storage/postgres-batch.ts'

/** What this process asked a PostgreSQL: one statement, and the batch (the round trip) it went with. */
export interface Said {
  readonly text: string
  readonly values: readonly unknown[]
  readonly trip: number
}

/** Statements that reach a PostgreSQL while `act` runs, by this process. */
export async function statementsDuring(act: () => Promise<unknown>): Promise<Said[]> {
  const said: Said[] = []
  let trip = 0
  const { query } = pg.Client.prototype
  const record = function (this: pg.Client, ...args: any[]) {
    trip++
    for (const { text, values } of (args[0] as Batch).statements) said.push({ text, values, trip })
    return query.apply(this, args as never)
  }
  pg.Client.prototype.query = record as never
  try {
    await act()
  } finally {
    pg.Client.prototype.query = query
  }
  return said
}
