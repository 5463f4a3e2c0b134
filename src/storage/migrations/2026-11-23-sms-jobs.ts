import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'sms_sender')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('joined', d.bool, (c) => c.notNull())
    .addColumn('international', d.bool, (c) => c.notNull())
    .addColumn('recent_since', d.int, (c) => c.notNull())
    .addColumn('recent_sent', d.int, (c) => c.notNull())
    .addColumn('total_since', d.int, (c) => c.notNull())
    .addColumn('total_sent', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('sms_sender_next').on('sms_sender').columns(['joined', 'recent_sent', 'owner']).execute()

  await d
    .createTable(db, 'sms_job')
    .addColumn('id', d.text, (c) => c.primaryKey().notNull())
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('phone', d.text, (c) => c.notNull())
    .addColumn('sealed', d.blob, (c) => c.notNull())
    .addColumn('tried', d.text, (c) => c.notNull())
    .execute()
}
