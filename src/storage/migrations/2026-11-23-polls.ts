import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'poll')
    .addColumn('id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('creator', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addColumn('public', d.bool, (c) => c.notNull())
    .addColumn('closed', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('close_date', d.int)
    .addColumn('voters', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('version', d.int, (c) => c.notNull().defaultTo(1))
    .execute()

  await d
    .createTable(db, 'poll_option', { clustered: true })
    .addColumn('poll_id', d.id, (c) => c.notNull())
    .addColumn('option', d.text, (c) => c.notNull())
    .addColumn('voters', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('poll_option_pk', ['poll_id', 'option'])
    .execute()

  await d
    .createTable(db, 'poll_voter', { clustered: true })
    .addColumn('poll_id', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('poll_voter_pk', ['poll_id', 'peer'])
    .execute()
  await db.schema.createIndex('poll_voter_date').on('poll_voter').columns(['poll_id', 'date', 'peer']).execute()

  await d
    .createTable(db, 'poll_choice', { clustered: true })
    .addColumn('poll_id', d.id, (c) => c.notNull())
    .addColumn('option', d.text, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('poll_choice_pk', ['poll_id', 'option', 'peer'])
    .execute()
  await db.schema.createIndex('poll_choice_peer').on('poll_choice').columns(['poll_id', 'peer']).execute()
  await db.schema
    .createIndex('poll_choice_date')
    .on('poll_choice')
    .columns(['poll_id', 'option', 'date', 'peer'])
    .execute()

  await d
    .createTable(db, 'poll_place', { clustered: true })
    .addColumn('poll_id', d.id, (c) => c.notNull())
    .addColumn('origin', d.id, (c) => c.notNull())
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('poll_place_pk', ['poll_id', 'origin'])
    .execute()
}
