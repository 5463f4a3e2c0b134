import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

/**
 * SQLite: the index of words knows more of what words begin with, and lists its words. It is made anew: each box's at
 * the next search there.
 */
export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  if (d.name !== 'sqlite') return
  await d.dropTextIndex(db, 'message_text')
  await d.createTextIndex(db, 'message_text')
  await db.deleteFrom('message_indexed').execute()
}
