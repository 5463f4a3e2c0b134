import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'chatlist_invite', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('slug', d.text, (c) => c.notNull())
    .addColumn('filter_id', d.int, (c) => c.notNull())
    .addColumn('title', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('peers', d.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('chatlist_invite_pk', ['owner', 'slug'])
    .execute()
  await db.schema.createIndex('chatlist_invite_slug').unique().on('chatlist_invite').column('slug').execute()

  await d
    .createTable(db, 'chatlist_joined', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('filter_id', d.int, (c) => c.notNull())
    .addColumn('slug', d.text, (c) => c.notNull())
    .addColumn('hidden', d.text, (c) => c.notNull())
    .addColumn('joined', d.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('chatlist_joined_pk', ['owner', 'filter_id'])
    .execute()
}
