import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'read_metric', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('message_id', d.int, (c) => c.notNull())
    .addColumn('views', d.int, (c) => c.notNull())
    .addColumn('shown_ms', d.id, (c) => c.notNull())
    .addColumn('active_ms', d.id, (c) => c.notNull())
    .addColumn('seen', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('read_metric_pk', ['owner', 'message_id'])
    .execute()
  await d
    .createTable(db, 'music_listen')
    .addColumn('document_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('listens', d.int, (c) => c.notNull())
    .addColumn('seconds', d.id, (c) => c.notNull())
    .execute()
}
