import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'community')
    .addColumn('id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('title', d.text, (c) => c.notNull())
    .addColumn('about', d.text, (c) => c.notNull().defaultTo(''))
    .addColumn('creator', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('open_links', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('deleted', d.bool, (c) => c.notNull().defaultTo(0))
    .execute()
  await d
    .createTable(db, 'community_peer', { clustered: true })
    .addColumn('community', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('visible', d.bool, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('community_peer_pk', ['community', 'peer'])
    .execute()
  await d
    .createTable(db, 'community_request', { clustered: true })
    .addColumn('community', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('visible', d.bool, (c) => c.notNull())
    .addColumn('requested_by', d.id, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('community_request_pk', ['community', 'peer'])
    .execute()
  await d
    .createTable(db, 'community_member', { clustered: true })
    .addColumn('community', d.id, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('admin_rights', d.blob)
    .addColumn('banned', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('collapsed', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('changed_by', d.id, (c) => c.notNull().defaultTo(0))
    .addColumn('changed_at', d.int, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('community_member_pk', ['community', 'user_id'])
    .execute()
  await db.schema.createIndex('community_member_user').on('community_member').column('user_id').execute()
}
