import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'upload', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('file_id', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('bytes', d.int, (c) => c.notNull())
    .addColumn('part_size', d.int)
    .addColumn('total', d.int)
    .addColumn('blob_key', d.text)
    .addColumn('sha256', d.blob)
    .addColumn('md5', d.text)
    .addColumn('size', d.int)
    .addPrimaryKeyConstraint('upload_pk', ['owner', 'file_id'])
    .execute()

  await d
    .createTable(db, 'upload_part', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('file_id', d.text, (c) => c.notNull())
    .addColumn('part', d.int, (c) => c.notNull())
    .addColumn('size', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('upload_part_pk', ['owner', 'file_id', 'part'])
    .execute()
}
