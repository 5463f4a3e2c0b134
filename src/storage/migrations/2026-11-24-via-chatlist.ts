import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Of who came by a link it is kept whether that was with a shared folder. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema
    .alterTable('chat_invite_user')
    .addColumn('via_chatlist', d.bool, (c) => c.notNull().defaultTo(0))
    .execute()
}
