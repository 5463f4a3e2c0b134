import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Topics in private chats with bots. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  for (const column of ['bot_forum', 'bot_forum_users']) {
    await db.schema
      .alterTable('user')
      .addColumn(column, d.bool, (c) => c.notNull().defaultTo(0))
      .execute()
  }
  await d
    .createTable(db, 'bot_topic', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('id', d.int, (c) => c.notNull())
    .addColumn('origin', d.id, (c) => c.notNull())
    .addColumn('creator', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('title', d.text, (c) => c.notNull())
    .addColumn('found_by', d.text, (c) => c.notNull())
    .addColumn('title_missing', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('icon_color', d.int, (c) => c.notNull())
    .addColumn('icon_emoji', d.text)
    .addColumn('pinned', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('top_message', d.int, (c) => c.notNull())
    .addColumn('top_date', d.int, (c) => c.notNull())
    .addColumn('messages', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('deleted', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('bot_topic_pk', ['owner', 'peer', 'id'])
    .execute()
  await db.schema.createIndex('bot_topic_origin').on('bot_topic').columns(['owner', 'origin']).execute()
}
