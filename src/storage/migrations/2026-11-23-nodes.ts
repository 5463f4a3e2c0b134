import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Which node a job is leased to. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema
    .alterTable('job')
    .addColumn('holder', d.text, (c) => c.notNull().defaultTo(''))
    .execute()
}
