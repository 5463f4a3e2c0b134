import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'reaction', { clustered: true })
    .addColumn('origin', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('reaction', d.text, (c) => c.notNull())
    .addColumn('n', d.int, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('big', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('unread', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('reaction_pk', ['origin', 'peer', 'reaction'])
    .execute()
  await db.schema.createIndex('reaction_date').on('reaction').columns(['origin', 'date', 'peer']).execute()

  await d
    .createTable(db, 'reaction_count', { clustered: true })
    .addColumn('origin', d.id, (c) => c.notNull())
    .addColumn('reaction', d.text, (c) => c.notNull())
    .addColumn('count', d.int, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('reaction_count_pk', ['origin', 'reaction'])
    .execute()

  await d
    .createTable(db, 'reaction_use', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('reaction', d.text, (c) => c.notNull())
    .addColumn('uses', d.int, (c) => c.notNull())
    .addColumn('recent_ms', d.int, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('reaction_use_pk', ['owner', 'reaction'])
    .execute()

  await d
    .createTable(db, 'reaction_setting')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('default_reaction', d.text)
    .addColumn('notify', d.blob)
    .execute()

  await d
    .createTable(db, 'saved_tag', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('reaction', d.text, (c) => c.notNull())
    .addColumn('title', d.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('saved_tag_pk', ['owner', 'reaction'])
    .execute()

  await d
    .createTable(db, 'reaction_report', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('origin', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('reaction_report_pk', ['owner', 'origin', 'peer'])
    .execute()
}
