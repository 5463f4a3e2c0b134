import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'collectible', { clustered: true })
    .addColumn('kind', d.text, (c) => c.notNull())
    .addColumn('name', d.text, (c) => c.notNull())
    .addColumn('purchase_date', d.int, (c) => c.notNull())
    .addColumn('currency', d.text, (c) => c.notNull())
    .addColumn('amount', d.int, (c) => c.notNull())
    .addColumn('crypto_currency', d.text, (c) => c.notNull())
    .addColumn('crypto_amount', d.int, (c) => c.notNull())
    .addColumn('url', d.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('collectible_pk', ['kind', 'name'])
    .execute()
}
