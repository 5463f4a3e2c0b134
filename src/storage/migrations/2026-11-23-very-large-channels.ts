import { type Kysely, sql } from 'kysely'

/** What lists of a very large channel's members and messages are found by, without looking at all of them. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createIndex('message_author')
    .on('message')
    .columns(['owner', 'from_id', 'id'])
    .where(sql.ref('owner'), '<', 0)
    .execute()
  await db.schema.createIndex('user_bot').on('user').column('id').where(sql.ref('bot'), '=', 1).execute()
  await db.schema.createIndex('user_online').on('user').column('online_until').execute()
  await db.schema.createIndex('user_first_name').on('user').expression(sql`lower(first_name)`).execute()
  await db.schema.createIndex('user_last_name').on('user').expression(sql`lower(last_name)`).execute()
}
