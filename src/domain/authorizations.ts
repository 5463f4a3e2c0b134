import { createHmac } from 'node:crypto'
import type { Selectable } from 'kysely'
import { Context, type Ctx, type Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { schedule } from '../rpc/jobs.ts'
import type { Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { testCode } from './phones.ts'
import { forgetPushTokens } from './push-tokens.ts'
import { endSecretChats } from './secret-chats.ts'
import { tellAccount } from './service-account.ts'
import { userRow } from './user-rows.ts'
import { viewUsers } from './users.ts'

export type AuthorizationRow = Selectable<Tables['auth_key']>

/** Bits of `auth_key.flags`. https://core.telegram.org/constructor/authorization */
export const AUTHORIZATION = { noSecretChats: 1, noCalls: 2, unconfirmed: 4 } as const

/** `authorization_autoconfirm_period` of the client configuration. */
const CONFIRM_SECONDS = 7 * 86_400

/** The number by which clients name another session of their account. */
export function authorizationHash(ctx: Pick<Ctx, 'app'>, key: string): bigint {
  return createHmac('sha256', ctx.app.secrets.token).update(`session:${key}`).digest().readBigInt64LE()
}

/** The same session, seen as the account that it has just become. */
export function actingAs(ctx: Ctx, userId: number): Ctx {
  return new Context(ctx.app, userId, ctx.session)
}

/** What signing in answers, for the account that it is now. https://core.telegram.org/constructor/auth.authorization */
export async function viewSignedIn(ctx: Ctx, userId: number): Promise<tl.auth_authorization> {
  const [user] = await viewUsers(actingAs(ctx, userId), [userId])
  return { _: 'auth.authorization', user: user! }
}

/** Signed-in devices of an account, the one used last first; a client's keys for other data centres are left out. */
export async function authorizationsOf(ctx: Ctx, userId: number): Promise<AuthorizationRow[]> {
  return ctx.db
    .selectFrom('auth_key')
    .selectAll()
    .where('user_id', '=', userId)
    .where('parent', 'is', null)
    .orderBy('active_at', 'desc')
    .orderBy('id')
    .execute()
}

/**
 * Makes a key the account's: its other devices are told, the longest unused ones end where there are too many.
 * `proven` by more than a code (a password, another device) needs no confirmation there.
 * https://core.telegram.org/api/auth#confirming-login
 */
export async function signInKey(tx: Tx, key: string, userId: number, proven = false): Promise<void> {
  const user = await userRow(tx, userId)
  if (!user) throw new Error(`no account ${userId}`)
  const before = await tx.trx.selectFrom('auth_key').select('user_id').where('id', '=', key).executeTakeFirst()
  if (before?.user_id && before.user_id !== userId) await endKeys(tx, [key])
  const others = (await authorizationsOf(tx, userId)).filter((a) => a.id !== key)
  const unconfirmed = !proven && others.length > 0 && user.bot === 0
  const row = await tx.trx
    .updateTable('auth_key')
    .set({
      user_id: userId,
      password_pending_user: null,
      parent: null,
      signed_in_at: tx.now,
      active_at: tx.now,
      flags: unconfirmed ? AUTHORIZATION.unconfirmed : 0,
    })
    .where('id', '=', key)
    .returningAll()
    .executeTakeFirstOrThrow()
  tx.onCommit(() => tx.app.authorizations.changed(key, userId, user.bot === 1))
  if (user.bot === 1) return
  await watchIdle(tx, userId)
  if (others.length === 0) return
  const keep = tx.app.config.limits.authorizations - 1
  if (others.length > keep)
    await endKeys(
      tx,
      others.slice(keep).map((a) => a.id),
    )
  await tx.publish(userId, { kind: 'update', update: newAuthorization(tx, row) })
  if (user.phone && testCode(tx, user.phone) === undefined) await tellAccount(tx, userId, notice(user.first_name, row))
}

/** https://core.telegram.org/constructor/updateNewAuthorization */
export function newAuthorization(ctx: Pick<Ctx, 'app'>, row: AuthorizationRow): tl.updateNewAuthorization {
  const unconfirmed = (row.flags & AUTHORIZATION.unconfirmed) !== 0
  const hash = authorizationHash(ctx, row.id)
  if (!unconfirmed) return { _: 'updateNewAuthorization', hash }
  const [date, device, location] = [row.signed_in_at, row.device_model, row.ip]
  return { _: 'updateNewAuthorization', unconfirmed, hash, date, device, location }
}

function notice(name: string, row: AuthorizationRow): string {
  const date = new Date(row.signed_in_at * 1000).toISOString().slice(0, 16).replace('T', ' ')
  return [
    `${name}, your account was signed in to from a new device on ${date} UTC.`,
    '',
    `Device: ${row.device_model || 'unknown'}, ${row.app_version || 'unknown version'}`,
    `Address: ${row.ip || 'unknown'}`,
    '',
    'If this was not you, end that session in Settings > Devices.',
  ].join('\n')
}

/**
 * Ends an account's authorizations but one: they are signed out, their connections closed, and they learn of it at
 * their next call (401). Gives their keys.
 */
export async function endAuthorizations(tx: Tx, userId: number, exceptKey?: string): Promise<string[]> {
  const rows = await tx.trx
    .selectFrom('auth_key')
    .select('id')
    .where((eb) => eb.or([eb('user_id', '=', userId), eb('password_pending_user', '=', userId)]))
    .execute()
  const keys = rows.map((r) => r.id).filter((id) => id !== exceptKey)
  await endKeys(tx, keys)
  return keys
}

/** Signs keys out. The calling session's own is only signed out, so that its answer still arrives. */
export async function endKeys(tx: Tx, keys: readonly string[]): Promise<void> {
  await forgetPushTokens(tx, keys)
  await endSecretChats(tx, keys)
  for (const key of keys) {
    const ended = await tx.trx
      .updateTable('auth_key')
      .set({ user_id: null, password_pending_user: null, signed_in_at: 0, flags: 0, parent: null })
      .where((eb) => eb.or([eb('id', '=', key), eb('parent', '=', key)]))
      .returning('id')
      .execute()
    for (const { id } of ended) tx.onCommit(() => forget(tx, id))
  }
}

function forget(tx: Tx, key: string): void {
  const sessions = [...(tx.app.authorizations.get(key)?.sessions ?? [])]
  tx.app.authorizations.changed(key, 0)
  for (const session of sessions) if (session !== tx.session) session.pipe.close('signed out')
}

const DAY = 86_400

/** Looks at an account's devices when the first of them will have been unused for as long as its owner allows. */
export async function watchIdle(tx: Tx, userId: number): Promise<void> {
  const user = await userRow(tx, userId)
  const devices = await authorizationsOf(tx, userId)
  if (!user || devices.length === 0) return
  const dueAt = Math.min(...devices.map((d) => d.active_at)) + user.authorization_ttl * DAY
  await schedule(tx, {
    id: `idleDevices:${userId}`,
    kind: 'idleDevices',
    owner: userId,
    dueAt: Math.max(dueAt, tx.now + 1),
  })
}

/** Signs out the devices that were not used for as long as the account's owner allows. */
export async function endIdle(ctx: Ctx, userId: number): Promise<void> {
  await ctx.transact(async (tx) => {
    const user = await userRow(tx, userId)
    if (!user || user.deleted === 1) return
    const before = tx.now - user.authorization_ttl * DAY
    const devices = await authorizationsOf(tx, userId)
    await endKeys(
      tx,
      devices.filter((d) => d.active_at <= before).map((d) => d.id),
    )
    await watchIdle(tx, userId)
  })
}

/** Makes another key of the same client the account's, until the one it came from ends. */
export async function adoptKey(tx: Tx, key: string, parent: string, userId: number, bot: boolean): Promise<void> {
  await tx.trx
    .updateTable('auth_key')
    .set({ user_id: userId, password_pending_user: null, parent, signed_in_at: tx.now, flags: 0 })
    .where('id', '=', key)
    .execute()
  tx.onCommit(() => tx.app.authorizations.changed(key, userId, bot))
}

/** The applications whose names are known by their number are Telegram's own; here a name is the device's. */
export function viewAuthorization(ctx: Ctx, row: AuthorizationRow): tl.authorization {
  const current = row.id === ctx.session?.auth.id
  const has = (bit: number) => (row.flags & bit) !== 0 || undefined
  return {
    _: 'authorization',
    current: current || undefined,
    passwordPending: row.password_pending_user !== null || undefined,
    encryptedRequestsDisabled: has(AUTHORIZATION.noSecretChats),
    callRequestsDisabled: has(AUTHORIZATION.noCalls),
    unconfirmed: isUnconfirmed(ctx, row) || undefined,
    hash: current ? 0n : authorizationHash(ctx, row.id),
    deviceModel: row.device_model,
    platform: row.platform,
    systemVersion: row.system_version,
    apiId: row.api_id,
    appName: '',
    appVersion: row.app_version,
    dateCreated: row.signed_in_at || ctx.now,
    dateActive: row.active_at,
    ip: row.ip,
    country: '',
    region: '',
  }
}

/** A sign-in by a code alone that no other device has confirmed yet; after a week it counts as confirmed. */
function isUnconfirmed(ctx: Ctx, row: AuthorizationRow): boolean {
  return (row.flags & AUTHORIZATION.unconfirmed) !== 0 && row.signed_in_at + CONFIRM_SECONDS > ctx.now
}

/** The device of an account that clients know by this number; 0 is the calling one. HASH_INVALID without one. */
export async function authorizationByHash(ctx: Ctx, hash: bigint): Promise<AuthorizationRow> {
  const rows = await authorizationsOf(ctx, ctx.userId)
  const own = ctx.session?.auth.id
  const row = rows.find((r) => (hash === 0n ? r.id === own : authorizationHash(ctx, r.id) === hash))
  if (!row) throw new RpcError('HASH_INVALID')
  return row
}

/** Whether the calling session has been signed in for less than a day. Never under --test, where nobody waits a day. */
export async function isFresh(ctx: Ctx): Promise<boolean> {
  const { test, limits } = ctx.app.config
  if (test) return false
  const own = await ctx.db
    .selectFrom('auth_key')
    .select('signed_in_at')
    .where('id', '=', ctx.session?.auth.id ?? '')
    .executeTakeFirst()
  return (own?.signed_in_at ?? 0) + limits.freshSessionSeconds > ctx.now
}

/**
 * A fresh session may not end others: whoever stole a code could lock the owner out.
 * FRESH_RESET_AUTHORISATION_FORBIDDEN.
 */
export async function checkNotFresh(ctx: Ctx): Promise<void> {
  if (await isFresh(ctx)) throw new RpcError('FRESH_RESET_AUTHORISATION_FORBIDDEN')
}
