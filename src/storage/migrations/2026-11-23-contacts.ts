import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'saved_contact', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('phone', d.text, (c) => c.notNull())
    .addColumn('first_name', d.text, (c) => c.notNull())
    .addColumn('last_name', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('saved_contact_pk', ['owner', 'phone'])
    .execute()
  await db.schema.createIndex('saved_contact_phone').on('saved_contact').columns(['phone', 'owner']).execute()

  await d
    .createTable(db, 'top_peer', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('category', d.text, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('rating', d.double, (c) => c.notNull())
    .addPrimaryKeyConstraint('top_peer_pk', ['owner', 'category', 'peer'])
    .execute()

  await d
    .createTable(db, 'contact_setting')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('no_top_peers', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('silent_sign_up', d.bool, (c) => c.notNull().defaultTo(0))
    .execute()

  await d
    .createTable(db, 'located')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('lat', d.double, (c) => c.notNull())
    .addColumn('long', d.double, (c) => c.notNull())
    .addColumn('expires_at', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('located_lat').on('located').column('lat').execute()
}
