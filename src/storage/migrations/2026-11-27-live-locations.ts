import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** Live locations that are being shared, and who has come near to whom. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'live_location', { clustered: true })
    .addColumn('chat', d.id, (c) => c.notNull())
    .addColumn('part', d.id, (c) => c.notNull())
    .addColumn('origin', d.id, (c) => c.notNull())
    .addColumn('author', d.id, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('lat', d.double, (c) => c.notNull())
    .addColumn('long', d.double, (c) => c.notNull())
    .addColumn('radius', d.int, (c) => c.notNull())
    .addColumn('ends_at', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('live_location_pk', ['chat', 'part', 'origin'])
    .execute()
  await db.schema.createIndex('live_location_user').on('live_location').columns(['user_id']).execute()
  await d
    .createTable(db, 'location_reached', { clustered: true })
    .addColumn('watcher', d.id, (c) => c.notNull())
    .addColumn('traveler', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('location_reached_pk', ['watcher', 'traveler'])
    .execute()
}
