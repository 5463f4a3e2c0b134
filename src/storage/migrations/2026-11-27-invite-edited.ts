import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** When a link was changed last: administrators are shown it. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema
    .alterTable('chat_invite')
    .addColumn('edited', d.int, (c) => c.notNull().defaultTo(0))
    .execute()
}
