import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'history_import', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('id', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('blob_key', d.text, (c) => c.notNull())
    .addColumn('total', d.int, (c) => c.notNull())
    .addColumn('done', d.int, (c) => c.notNull())
    .addColumn('media_count', d.int, (c) => c.notNull())
    .addColumn('started', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('history_import_pk', ['owner', 'id'])
    .execute()
  await d
    .createTable(db, 'history_import_media', { clustered: true })
    .addColumn('import_id', d.id, (c) => c.notNull())
    .addColumn('file_name', d.text, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('history_import_media_pk', ['import_id', 'file_name'])
    .execute()
}
