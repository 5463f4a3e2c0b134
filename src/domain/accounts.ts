import { createHmac } from 'node:crypto'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { cancelJob, schedule } from '../rpc/jobs.ts'
import { nextId } from '../storage/index.ts'
import { openBox } from '../updates/log.ts'
import { tellUser } from './acquaintances.ts'
import { authorizationsOf, endAuthorizations } from './authorizations.ts'
import { takeBoostsBack } from './boost-slots.ts'
import { forgetPeople, onAccountCreated } from './contacts.ts'
import { userRow } from './user-rows.ts'

/** Numbers of accounts begin above this, so that they never meet the service accounts that clients know (777000 ...). */
const FIRST = 1_000_000

/** Accounts that clients know by number, above FIRST: BotFather, anonymous admins, channels' posts, replies. */
const RESERVED = new Set([93_372_553, 1_087_968_824, 136_817_688, 1_271_266_957, 5_434_988_373])

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
  if (!account.bot) await watchActivity(tx, id)
  if (account.phone) await onAccountCreated(tx, id, account.phone, account.unannounced)
  return id
}

const DAY = 86_400

/** Looks after that time whether the account was in use. Called when it is made and when a device of it signs out. */
export async function watchActivity(tx: Tx, userId: number): Promise<void> {
  const user = await userRow(tx, userId)
  if (!user || user.bot === 1) return
  const dueAt = tx.now + user.account_ttl * DAY
  await schedule(tx, { id: `accountTtl:${userId}`, kind: 'accountTtl', owner: userId, dueAt })
}

/** Deletes an account that nobody has used for as long as its owner chose, or looks again when that will be. */
export async function endUnused(ctx: Ctx, userId: number): Promise<void> {
  await ctx.transact(async (tx) => {
    const user = await userRow(tx, userId)
    if (!user || user.deleted === 1) return
    const devices = await authorizationsOf(tx, userId)
    const dueAt = Math.max(0, ...devices.map((d) => d.active_at)) + user.account_ttl * DAY
    if (dueAt <= tx.now) await deleteAccount(tx, userId)
    else await schedule(tx, { id: `accountTtl:${userId}`, kind: 'accountTtl', owner: userId, dueAt })
  })
}

/** Makes sure that no two accounts take a number at once: whoever gives numbers out waits for this transaction. */
export async function lockPhones(tx: Tx): Promise<void> {
  await tx.trx
    .updateTable('counter')
    .set((eb) => ({ value: eb.ref('value') }))
    .where('name', '=', 'user')
    .execute()
}

/**
 * Deletes an account: every device is signed out; number, names, usernames, contacts and photo go at once, and those
 * who know it are told. Its groups, messages and settings go soon after. What others have of its messages stays
 * theirs. https://core.telegram.org/method/account.deleteAccount
 */
export async function deleteAccount(tx: Tx, userId: number): Promise<void> {
  const deleted = await tx.trx
    .updateTable('user')
    .set({
      deleted: 1,
      phone: null,
      first_name: '',
      last_name: '',
      about: '',
      username: null,
      photo_id: null,
      fallback_photo_id: null,
      premium: 0,
      online_until: 0,
      birth_day: null,
      birth_month: null,
      birth_year: null,
      color: null,
      profile_color: null,
      emoji_status: null,
      personal_channel: null,
      bot_token: null,
    })
    .where('id', '=', userId)
    .where('deleted', '=', 0)
    .returning('id')
    .executeTakeFirst()
  if (!deleted) return
  await tellUser(tx, userId)
  await takeBoostsBack(tx, userId)
  await endAuthorizations(tx, userId)
  await tx.trx.deleteFrom('username').where('owner', '=', userId).execute()
  await forgetPeople(tx, userId)
  await tx.trx.deleteFrom('code').where('user_id', '=', userId).execute()
  await tx.trx.deleteFrom('login_token').where('user_id', '=', userId).execute()
  await cancelJob(tx, `accountTtl:${userId}`)
  await schedule(tx, { id: `sweepAccount:${userId}`, kind: 'sweepAccount', owner: userId, dueAt: tx.now })
}

/**
 * What is kept of a bot's token: `ID:SECRET` gives a keyed hash of both halves, so that the database alone signs nobody
 * in. https://core.telegram.org/bots/api#authorizing-your-bot
 */
export function tokenHash(ctx: Pick<Ctx, 'app'>, token: string): string {
  return createHmac('sha256', ctx.app.secrets.token).update(token).digest('base64url')
}
