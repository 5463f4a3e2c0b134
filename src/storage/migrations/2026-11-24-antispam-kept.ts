import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** What was deleted as spam is kept for as long as an administrator may bring it back. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema.alterTable('antispam_verdict').addColumn('kept', d.blob).execute()
}
