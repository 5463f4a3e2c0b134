import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'translation_setting', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('translation_setting_pk', ['owner', 'peer'])
    .execute()

  await d
    .createTable(db, 'transcription')
    .addColumn('document_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('state', d.int, (c) => c.notNull())
    .addColumn('text', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'transcription_use', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('id', d.id, (c) => c.notNull())
    .addColumn('document_id', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('message_id', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('rating', d.int)
    .addPrimaryKeyConstraint('transcription_use_pk', ['owner', 'id'])
    .execute()
  await db.schema
    .createIndex('transcription_use_message')
    .unique()
    .on('transcription_use')
    .columns(['owner', 'peer', 'message_id', 'document_id'])
    .execute()
  await db.schema.createIndex('transcription_use_document').on('transcription_use').column('document_id').execute()
}
