import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'premium')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('since', d.int, (c) => c.notNull())
    .addColumn('until', d.int, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'boost', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('slot', d.int, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('boost_id', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('cooldown_until', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('boost_pk', ['owner', 'slot'])
    .execute()
  await db.schema.createIndex('boost_peer').on('boost').columns(['peer', 'date', 'boost_id']).execute()

  const zero = (c: ColumnDefinitionBuilder) => c.notNull().defaultTo(0)
  await db.schema.alterTable('channel').addColumn('boosts', d.int, zero).execute()
  await db.schema.alterTable('channel').addColumn('boosts_unrestrict', d.int, zero).execute()
  await db.schema.alterTable('channel_member').addColumn('boosts', d.int, zero).execute()
  await db.schema.alterTable('message').addColumn('from_boosts', d.int, zero).execute()
}
