import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'takeout', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('id', d.id, (c) => c.notNull())
    .addColumn('auth', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('contacts', d.bool, (c) => c.notNull())
    .addColumn('file_max_size', d.int, (c) => c.notNull())
    .addColumn('finished', d.bool, (c) => c.notNull())
    .addColumn('file_key', d.text)
    .addColumn('file_size', d.int, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('takeout_pk', ['owner', 'id'])
    .execute()

  await d
    .createTable(db, 'takeout_request', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('auth', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('takeout_request_pk', ['owner', 'auth'])
    .execute()
}
