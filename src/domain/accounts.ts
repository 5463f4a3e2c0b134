import { createHmac } from 'node:crypto'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { nextId } from '../storage/index.ts'
import { openBox } from '../updates/log.ts'
import { onAccountCreated } from './contacts.ts'

/** Numbers of accounts begin above this, so that they never meet the service accounts that clients know (777000 ...). */
const FIRST = 1_000_000

/** Accounts that clients know by number, above FIRST: BotFather, anonymous admins, channels' posts, replies. */
const RESERVED = new Set([93_372_553, 1_087_968_824, 136_817_688, 1_271_266_957])

export interface NewAccount {
  /** Digits only; null for a bot. */
  phone: string | null
  firstName: string
  lastName?: string
  bot?: boolean
  /** Those who have the number in their address books are not told. */
  unannounced?: boolean
}

/**
 * Makes an account with its box; the caller has checked the names, and tells whom it must. PHONE_NUMBER_OCCUPIED when
 * another account has the number.
 * @returns the account's id
 */
export async function createAccount(tx: Tx, account: NewAccount): Promise<number> {
  let id: number
  do id = FIRST + (await nextId(tx.trx, 'user'))
  while (RESERVED.has(id))
  const made = await tx.trx
    .insertInto('user')
    .values({
      id,
      phone: account.phone,
      first_name: account.firstName,
      last_name: account.lastName ?? '',
      bot: account.bot ? 1 : 0,
      created_at: tx.now,
    })
    .onConflict((c) => c.column('phone').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw new RpcError('PHONE_NUMBER_OCCUPIED')
  await openBox(tx, id)
  if (account.phone) await onAccountCreated(tx, id, account.phone, account.unannounced)
  return id
}

/**
 * What is kept of a bot's token: `ID:SECRET` gives a keyed hash of both halves, so that the database alone signs nobody
 * in. https://core.telegram.org/bots/api#authorizing-your-bot
 */
export function tokenHash(ctx: Pick<Ctx, 'app'>, token: string): string {
  return createHmac('sha256', ctx.app.secrets.token).update(token).digest('base64url')
}
