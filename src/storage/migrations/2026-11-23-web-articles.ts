import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'web_article')
    .addColumn('page', d.id, (c) => c.notNull().primaryKey())
    .addColumn('tl', d.blob, (c) => c.notNull())
    .addColumn('views', d.int, (c) => c.notNull())
    .addColumn('pictures', d.text, (c) => c.notNull())
    .execute()
}
