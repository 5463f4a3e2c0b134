import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Links that an account has opened. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema
    .createTable('recent_link')
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('path', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('recent_link_pk', ['owner', 'path'])
    .execute()
}
