import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** The ordinary message that an ephemeral one answers, and the topic it is said in. */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  const add = (column: string, type: typeof d.int | typeof d.blob) =>
    db.schema.alterTable('ephemeral_message').addColumn(column, type).execute()
  await add('reply', d.blob)
  await add('reply_receiver', d.int)
  await add('topic', d.int)
}
