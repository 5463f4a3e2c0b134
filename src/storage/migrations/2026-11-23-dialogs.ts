import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'dialog_list')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('archive_rank', d.int, (c) => c.notNull().defaultTo(1_000_000_000))
    .addColumn('tags', d.bool, (c) => c.notNull().defaultTo(0))
    .execute()

  await d
    .createTable(db, 'dialog_filter', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('id', d.int, (c) => c.notNull())
    .addColumn('position', d.int, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('dialog_filter_pk', ['owner', 'id'])
    .execute()

  await d
    .createTable(db, 'notify_setting', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('scope', d.text, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addColumn('mute_until', d.int)
    .addPrimaryKeyConstraint('notify_setting_pk', ['owner', 'scope'])
    .execute()

  await d
    .createTable(db, 'ringtone', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('document_id', d.id, (c) => c.notNull())
    .addColumn('position', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('ringtone_pk', ['owner', 'document_id'])
    .execute()

  await d
    .createTable(db, 'push_token', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('token_type', d.int, (c) => c.notNull())
    .addColumn('token', d.text, (c) => c.notNull())
    .addColumn('auth_key', d.text, (c) => c.notNull())
    .addColumn('no_muted', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('sandbox', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('secret', d.blob, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('push_token_pk', ['owner', 'token_type', 'token'])
    .execute()
  await db.schema.createIndex('push_token_token').on('push_token').column('token').execute()
  await db.schema.createIndex('push_token_auth_key').on('push_token').column('auth_key').execute()

  await d
    .createTable(db, 'device_lock')
    .addColumn('auth_key', d.text, (c) => c.primaryKey().notNull())
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('period', d.int, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'auto_download', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('preset', d.text, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('auto_download_pk', ['owner', 'preset'])
    .execute()

  await d
    .createTable(db, 'auto_save', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('scope', d.text, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('auto_save_pk', ['owner', 'scope'])
    .execute()

  await scheduled(db, d)
}

async function scheduled(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'scheduled_message', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('id', d.int, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('edit_date', d.int)
    .addColumn('text', d.text, (c) => c.notNull())
    .addColumn('entities', d.blob)
    .addColumn('media', d.blob)
    .addColumn('reply', d.blob)
    .addColumn('reply_to', d.int)
    .addColumn('reply_alone', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('fwd', d.blob)
    .addColumn('saved_peer', d.id)
    .addColumn('via_bot', d.id)
    .addColumn('markup', d.blob)
    .addColumn('grouped_id', d.text)
    .addColumn('random_id', d.text)
    .addColumn('mentions', d.text)
    .addColumn('silent', d.bool, (c) => c.notNull())
    .addColumn('noforwards', d.bool, (c) => c.notNull())
    .addColumn('invert_media', d.bool, (c) => c.notNull())
    .addColumn('effect', d.text)
    .addColumn('ttl', d.int)
    .addColumn('post_author', d.text)
    .addColumn('repeat_period', d.int)
    .addPrimaryKeyConstraint('scheduled_message_pk', ['owner', 'peer', 'id'])
    .execute()
  await db.schema
    .createIndex('scheduled_message_random')
    .unique()
    .on('scheduled_message')
    .columns(['owner', 'random_id'])
    .where(sql.ref('random_id'), 'is not', null)
    .execute()
  // Those that wait for somebody to come online.
  await db.schema
    .createIndex('scheduled_message_online')
    .on('scheduled_message')
    .column('peer')
    .where(sql.ref('date'), '=', 0x7ffffffe)
    .execute()

  await d
    .createTable(db, 'scheduled_queue', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('last_id', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('scheduled_queue_pk', ['owner', 'peer'])
    .execute()
}
