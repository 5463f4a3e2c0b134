import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** By which part of an ad it was followed. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  for (const column of ['media_clicks', 'fullscreen_clicks']) {
    await db.schema
      .alterTable('ad')
      .addColumn(column, d.int, (c) => c.notNull().defaultTo(0))
      .execute()
  }
}
