import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** The channel in which a poll was posted first: its members may be the only ones to vote. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema.alterTable('poll').addColumn('posted_in', d.id).execute()
}
