import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Communities have photos, and places among pinned dialogs. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema.alterTable('community').addColumn('photo_id', d.id).execute()
  await db.schema
    .alterTable('community_member')
    .addColumn('pinned', d.int, (c) => c.notNull().defaultTo(0))
    .execute()
}
