import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'saved_pin', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('rank', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('saved_pin_pk', ['owner', 'peer'])
    .execute()
}
