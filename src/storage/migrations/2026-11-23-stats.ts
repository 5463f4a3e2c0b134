import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'channel_stat', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('message_id', d.id, (c) => c.notNull())
    .addColumn('metric', d.text, (c) => c.notNull())
    .addColumn('hour', d.int, (c) => c.notNull())
    .addColumn('key', d.text, (c) => c.notNull())
    .addColumn('count', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('channel_stat_pk', ['channel_id', 'message_id', 'metric', 'hour', 'key'])
    .execute()
  // What is old is found by the hour; messages' counters go sooner than channels'.
  for (const [name, of] of [
    ['channel_stat_messages', '>'],
    ['channel_stat_channels', '='],
  ] as const) {
    await db.schema
      .createIndex(name)
      .on('channel_stat')
      .column('hour')
      .where(sql.ref('message_id'), of, sql.lit(0))
      .execute()
  }

  await d
    .createTable(db, 'channel_visit', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('day', d.int, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('lang', d.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('channel_visit_pk', ['channel_id', 'day', 'user_id'])
    .execute()
  await db.schema.createIndex('channel_visit_day').on('channel_visit').column('day').execute()

  await d
    .createTable(db, 'forward_place', { clustered: true })
    .addColumn('channel_id', d.id, (c) => c.notNull())
    .addColumn('message_id', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('forward_id', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('forward_place_pk', ['channel_id', 'message_id', 'date', 'peer', 'forward_id'])
    .execute()

  // Who has muted a channel is found from the few that have set anything.
  await db.schema.createIndex('notify_scope').on('notify_setting').columns(['scope', 'mute_until']).execute()
}
