import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { openBox } from '../updates/log.ts'
import { ownUser } from './access.ts'
import { sendNotice } from './send.ts'

/** The account that login codes and notices come from; clients know it by this number. */
export const SERVICE_ACCOUNT = 777000

/** Sends an account a message of the server's own, from the service account, which is made at its first use. */
export async function tellAccount(
  tx: Tx,
  userId: number,
  text: string,
  entities?: tl.MessageEntity[],
  markup?: tl.ReplyMarkup,
): Promise<void> {
  const made = await tx.trx
    .insertInto('user')
    .values({ id: SERVICE_ACCOUNT, first_name: 'Chappe', verified: 1, support: 1, created_at: tx.now })
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) await openBox(tx, SERVICE_ACCOUNT)
  await sendNotice(tx, await ownUser(tx, SERVICE_ACCOUNT), await ownUser(tx, userId), { text, entities, markup })
}
