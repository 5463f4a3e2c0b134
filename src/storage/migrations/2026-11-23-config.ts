import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'dismissed_suggestion', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('suggestion', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('dismissed_suggestion_pk', ['owner', 'peer', 'suggestion'])
    .execute()
  await d
    .createTable(db, 'support_note')
    .addColumn('user_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('message', d.text, (c) => c.notNull())
    .addColumn('entities', d.blob)
    .addColumn('author', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .execute()
  await d
    .createTable(db, 'language', { clustered: true })
    .addColumn('pack', d.text, (c) => c.notNull())
    .addColumn('code', d.text, (c) => c.notNull())
    .addColumn('name', d.text, (c) => c.notNull())
    .addColumn('native_name', d.text, (c) => c.notNull())
    .addColumn('base_code', d.text)
    .addColumn('plural_code', d.text, (c) => c.notNull())
    .addColumn('rtl', d.bool, (c) => c.notNull())
    .addColumn('version', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('language_pk', ['pack', 'code'])
    .execute()
  await d
    .createTable(db, 'language_string', { clustered: true })
    .addColumn('pack', d.text, (c) => c.notNull())
    .addColumn('code', d.text, (c) => c.notNull())
    .addColumn('key', d.text, (c) => c.notNull())
    .addColumn('version', d.int, (c) => c.notNull())
    .addColumn('deleted', d.bool, (c) => c.notNull())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('language_string_pk', ['pack', 'code', 'key'])
    .execute()
}
