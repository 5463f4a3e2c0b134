import type { Kysely } from 'kysely'

/** Nothing was counted in qts by now. Clients take a first update that comes after 0 for one that comes after nothing. */
export async function up(db: Kysely<any>): Promise<void> {
  await db
    .updateTable('box')
    .set({ qts: 1 })
    .where('qts', '=', 0)
    .where('owner', 'in', db.selectFrom('user').select('id').where('bot', '=', 1))
    .execute()
}
