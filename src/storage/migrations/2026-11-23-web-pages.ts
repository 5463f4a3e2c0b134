import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'web_page')
    .addColumn('id', d.id, (c) => c.notNull().primaryKey())
    .addColumn('url_key', d.text, (c) => c.notNull())
    .addColumn('url', d.text, (c) => c.notNull())
    .addColumn('state', d.int, (c) => c.notNull())
    .addColumn('tl', d.blob)
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('expires_at', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('web_page_url').on('web_page').column('url_key').unique().execute()
  await d
    .createTable(db, 'web_page_place', { clustered: true })
    .addColumn('page', d.id, (c) => c.notNull())
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('origin', d.id, (c) => c.notNull())
    .addPrimaryKeyConstraint('web_page_place_pk', ['page', 'owner', 'origin'])
    .execute()
  await d
    .createTable(db, 'web_browser', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull().primaryKey())
    .addColumn('open_external', d.int, (c) => c.notNull())
    .addColumn('close_button', d.int, (c) => c.notNull())
    .execute()
  await d
    .createTable(db, 'web_browser_exception', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('domain', d.text, (c) => c.notNull())
    .addColumn('url', d.text, (c) => c.notNull())
    .addColumn('title', d.text, (c) => c.notNull())
    .addColumn('open_external', d.int, (c) => c.notNull())
    .addColumn('rank', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('web_browser_exception_pk', ['owner', 'domain'])
    .execute()
}
