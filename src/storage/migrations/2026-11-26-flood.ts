import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Calls that are counted for all nodes together. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema
    .createTable('flood')
    .addColumn('name', d.text, (c) => c.notNull().primaryKey())
    .addColumn('used', d.int, (c) => c.notNull().defaultTo(1))
    .addColumn('ends_at', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('flood_ends_at').on('flood').columns(['ends_at']).execute()
}
