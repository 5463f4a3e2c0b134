import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'report')
    .addColumn('reporter', d.id, (c) => c.notNull())
    .addColumn('kind', d.text, (c) => c.notNull())
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('reason', d.text, (c) => c.notNull())
    .addColumn('ids', d.text, (c) => c.notNull())
    .addColumn('comment', d.text, (c) => c.notNull())
    .addColumn('excerpt', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('report_pk', ['reporter', 'kind', 'peer', 'reason', 'ids'])
    .execute()
  await db.schema.createIndex('report_date').on('report').column('date').execute()
}
