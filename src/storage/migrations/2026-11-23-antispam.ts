import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'antispam_verdict', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('message_id', d.int, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('reason', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('wrong', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('antispam_verdict_pk', ['channel_id', 'message_id'])
    .execute()
  await db.schema
    .createIndex('antispam_verdict_user')
    .on('antispam_verdict')
    .columns(['channel_id', 'user_id'])
    .execute()
}
