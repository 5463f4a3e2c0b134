import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await db.schema.alterTable('channel_member').addColumn('send_as', d.id).execute()
  await db.schema.alterTable('channel_member').addColumn('peek_until', d.int, flag).execute()
  await db.schema.alterTable('scheduled_message').addColumn('send_as', d.id).execute()
  await db.schema.alterTable('scheduled_message').addColumn('author', d.id).execute()
  await db.schema.alterTable('channel').addColumn('color', d.blob).execute()
  await db.schema.alterTable('channel').addColumn('profile_color', d.blob).execute()
  await db.schema.alterTable('channel').addColumn('main_tab', d.text).execute()
  await db.schema.alterTable('channel').addColumn('paid_stars', d.int, flag).execute()
  await db.schema.alterTable('channel').addColumn('direct_messages', d.bool, flag).execute()
  await db.schema.alterTable('channel').addColumn('monoforum', d.bool, flag).execute()
  await db.schema.alterTable('channel').addColumn('monoforum_link', d.id).execute()

  await d
    .createTable(db, 'direct_topic', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('top_message', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('top_date', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('messages', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('read_outbox', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('free', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('direct_topic_pk', ['channel_id', 'peer'])
    .execute()
  await db.schema.createIndex('direct_topic_top').on('direct_topic').columns(['channel_id', 'top_message']).execute()

  await d
    .createTable(db, 'direct_read', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('read_inbox', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('unread_mark', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('direct_read_pk', ['channel_id', 'user_id', 'peer'])
    .execute()

  await d
    .createTable(db, 'suggested_post', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('message_id', d.int, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('suggested_post_pk', ['channel_id', 'message_id'])
    .execute()

  await d
    .createTable(db, 'post_search', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('query', d.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('post_search_pk', ['owner', 'query'])
    .execute()
}

const flag = (c: any) => c.notNull().defaultTo(0)
