import { type Kysely, sql } from 'kysely'

/** What was posted is noted among the recent actions as long as those are shown, and found there to be cut off. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createIndex('channel_event_sent')
    .on('channel_event')
    .columns(['channel_id', 'date'])
    .where(sql.ref('kind'), '=', sql.lit('send'))
    .execute()
}
