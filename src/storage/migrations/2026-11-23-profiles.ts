import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'profile_photo', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('photo_id', d.id, (c) => c.notNull())
    .addColumn('pos', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('profile_photo_pk', ['owner', 'photo_id'])
    .execute()
  await d
    .createTable(db, 'saved_music', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('document_id', d.id, (c) => c.notNull())
    .addColumn('pos', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('saved_music_pk', ['owner', 'document_id'])
    .execute()
  await db.schema.createIndex('profile_photo_pos').on('profile_photo').columns(['owner', 'pos']).execute()
}
