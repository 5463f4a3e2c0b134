import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'secret_chat')
    .addColumn('id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('admin_id', d.id, (c) => c.notNull())
    .addColumn('admin_auth', d.text, (c) => c.notNull())
    .addColumn('participant_id', d.id, (c) => c.notNull())
    .addColumn('participant_auth', d.text)
    .addColumn('state', d.int, (c) => c.notNull())
    .addColumn('random_id', d.int, (c) => c.notNull())
    .addColumn('g_a', d.blob, (c) => c.notNull())
    .addColumn('g_b', d.blob)
    .addColumn('fingerprint', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('history_deleted', d.bool, (c) => c.notNull())
    .addColumn('admin_read', d.int, (c) => c.notNull())
    .addColumn('participant_read', d.int, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('secret_chat_admin')
    .unique()
    .on('secret_chat')
    .columns(['admin_auth', 'random_id'])
    .execute()
  await db.schema.createIndex('secret_chat_participant').on('secret_chat').column('participant_auth').execute()

  await d
    .createTable(db, 'secret_queue', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('auth', d.text, (c) => c.notNull())
    .addColumn('qts', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('secret_queue_pk', ['owner', 'auth'])
    .execute()

  await d
    .createTable(db, 'secret_message')
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('auth', d.text, (c) => c.notNull())
    .addColumn('qts', d.int, (c) => c.notNull())
    .addColumn('chat_id', d.id, (c) => c.notNull())
    .addColumn('random_id', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('service', d.bool, (c) => c.notNull())
    .addColumn('bytes', d.blob, (c) => c.notNull())
    .addColumn('file_id', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('secret_message_pk', ['owner', 'auth', 'qts'])
    .execute()

  await d
    .createTable(db, 'secret_sent', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('chat_id', d.id, (c) => c.notNull())
    .addColumn('random_id', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('file_id', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('secret_sent_pk', ['owner', 'chat_id', 'random_id'])
    .execute()

  await d
    .createTable(db, 'secret_file')
    .addColumn('id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('size', d.int, (c) => c.notNull())
    .addColumn('fingerprint', d.int, (c) => c.notNull())
    .addColumn('blob_key', d.text, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'secret_file_use', { clustered: true })
    .addColumn('file_id', d.id, (c) => c.notNull())
    .addColumn('chat_id', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('secret_file_use_pk', ['file_id', 'chat_id'])
    .execute()
  await db.schema.createIndex('secret_file_use_chat').on('secret_file_use').column('chat_id').execute()
}
