import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'fact_checker')
    .addColumn('user_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('country', d.text, (c) => c.notNull())
    .execute()
  await d
    .createTable(db, 'fact_check', { clustered: true })
    .addColumn('channel', d.id, (c) => c.notNull())
    .addColumn('message_id', d.int, (c) => c.notNull())
    .addColumn('country', d.text, (c) => c.notNull())
    .addColumn('text', d.blob, (c) => c.notNull())
    .addColumn('hash', d.text, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('fact_check_pk', ['channel', 'message_id'])
    .execute()
}
