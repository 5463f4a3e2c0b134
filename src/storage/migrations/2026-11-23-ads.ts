import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'ad')
    .addColumn('id', d.int, (c) => c.primaryKey().notNull())
    .addColumn('title', d.text, (c) => c.notNull())
    .addColumn('text', d.text, (c) => c.notNull())
    .addColumn('entities', d.blob)
    .addColumn('url', d.text, (c) => c.notNull())
    .addColumn('button', d.text, (c) => c.notNull())
    .addColumn('peer', d.id)
    .addColumn('media', d.blob)
    .addColumn('recommended', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('video', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('sponsor_info', d.text)
    .addColumn('additional_info', d.text)
    .addColumn('max_views', d.int)
    .addColumn('max_clicks', d.int)
    .addColumn('views', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('clicks', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('reports', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('date', d.int, (c) => c.notNull())
    .execute()
  await d
    .createTable(db, 'ad_target', { clustered: true })
    .addColumn('target', d.text, (c) => c.notNull())
    .addColumn('ad_id', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('ad_target_pk', ['target', 'ad_id'])
    .execute()
  await d
    .createTable(db, 'ad_seen', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('ad_id', d.int, (c) => c.notNull())
    .addColumn('viewed_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('clicked_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('reported', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('ad_seen_pk', ['owner', 'ad_id'])
    .execute()
  await d
    .createTable(db, 'ad_choice')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('shown', d.bool, (c) => c.notNull())
    .execute()
}
