import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type { Tables } from '../storage/index.ts'
import { seal, unseal } from '../storage/seal.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { atRest } from './message-view.ts'
import { SRP_G, SRP_PRIME, srpInRange, srpPublic, srpVerify } from './srp.ts'

export type PasswordRow = Selectable<Tables['password']>

/** A check must be made within so many seconds of account.getPassword. */
const CHALLENGE_LIFE = 3600
const SALT1 = 8
/** Clients append so many bytes of their own to the server's part. */
const SALT1_OWN = 32
const SALT2 = 16

export async function passwordRow(ctx: Ctx, userId: number): Promise<PasswordRow | undefined> {
  return ctx.db.selectFrom('password').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

/** Whether signing in to this account takes a password beside the code. https://core.telegram.org/api/srp */
export async function hasPassword(ctx: Ctx, userId: number): Promise<boolean> {
  return (await passwordRow(ctx, userId))?.verifier != null
}

const keyed = (ctx: Pick<Ctx, 'app'>, use: string, size: number): Buffer =>
  createHmac('sha512', ctx.app.secrets.token).update(use).digest().subarray(0, size)

const context = (userId: number) => `password:${userId}`

/** What a new password of this account must be hashed with: the server's salts, always the same for the account. */
export function newAlgorithm(
  ctx: Pick<Ctx, 'app'>,
  userId: number,
): tl.passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
  return {
    _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
    salt1: keyed(ctx, `salt1:${userId}`, SALT1),
    salt2: keyed(ctx, `salt2:${userId}`, SALT2),
    g: SRP_G,
    p: SRP_PRIME,
  }
}

/** The server's secret exponent of one challenge: made again from its id, so that any node can check the answer. */
function exponentOf(ctx: Ctx, userId: number, srpId: bigint): Buffer {
  return keyed(ctx, `srp:${userId}:${ctx.session?.auth.id ?? ''}:${srpId}`, 64)
}

/** srp_id: when it was given out, the password's version, and chance. */
function newSrpId(ctx: Ctx, version: number): bigint {
  const id = Buffer.alloc(8)
  id.writeUInt32BE(ctx.now, 0)
  id[4] = version & 255
  ctx.app.random(3).copy(id, 5)
  return id.readBigInt64BE()
}

/** What a client needs to prove that it knows the password: current algorithm, srp_B and srp_id. */
export function passwordChallenge(
  ctx: Ctx,
  row: PasswordRow,
): Pick<tl.account_password, 'currentAlgo' | 'srpB' | 'srpId'> {
  const srpId = newSrpId(ctx, row.version)
  const { salt1, salt2 } = row
  return {
    currentAlgo: { ...newAlgorithm(ctx, row.user_id), salt1, salt2 },
    srpB: srpPublic(verifierOf(ctx, row), exponentOf(ctx, row.user_id, srpId)),
    srpId,
  }
}

function verifierOf(ctx: Ctx, row: PasswordRow): Buffer {
  return unseal(ctx.app.secrets.seal, context(row.user_id), row.verifier!)
}

/**
 * Proves that whoever asks knows the account's password; without one only the empty check is right.
 * PASSWORD_HASH_INVALID, SRP_ID_INVALID, SRP_PASSWORD_CHANGED; too many wrong ones: FLOOD_WAIT_X. Call it before the
 * transaction: it computes, and counts the try in one of its own, which the right password gives back.
 * @returns the password's row, undefined where the account has none
 */
export async function checkPassword(
  ctx: Ctx,
  userId: number,
  input: tl.InputCheckPasswordSRP | undefined,
): Promise<PasswordRow | undefined> {
  const row = await passwordRow(ctx, userId)
  if (!row?.verifier) {
    if (input?._ === 'inputCheckPasswordSRP') throw new RpcError('PASSWORD_HASH_INVALID')
    return undefined
  }
  if (input?._ !== 'inputCheckPasswordSRP') throw new RpcError('PASSWORD_HASH_INVALID')
  const id = Buffer.alloc(8)
  id.writeBigInt64BE(input.srpId)
  const issued = id.readUInt32BE(0)
  if (issued > ctx.now || issued + CHALLENGE_LIFE < ctx.now) throw new RpcError('SRP_ID_INVALID')
  if (id[4] !== (row.version & 255)) throw new RpcError('SRP_PASSWORD_CHANGED')
  const { A, M1 } = input
  const { salt1, salt2 } = row
  await ctx.transact((tx) => countTry(tx, userId))
  const exponent = exponentOf(ctx, userId, input.srpId)
  if (!srpVerify({ verifier: verifierOf(ctx, row), exponent, salt1, salt2, A, M1 })) {
    throw new RpcError('PASSWORD_HASH_INVALID')
  }
  await ctx.transact((tx) =>
    tx.trx
      .updateTable('password')
      .set((eb) => ({ fails: eb('fails', '-', eb.lit(1)) }))
      .where('user_id', '=', userId)
      .where('fails', '>', 0)
      .execute(),
  )
  return row
}

/** Counts a try before it is made, so that of many at once, at whatever nodes, no more are made than may be wrong. */
async function countTry(tx: Tx, userId: number): Promise<void> {
  const { count, seconds } = tx.app.config.limits.flood.password
  const counted = await tx.trx
    .updateTable('password')
    .set((eb) => {
      const over = eb('fails_at', '<=', tx.now - seconds)
      return {
        fails: eb
          .case()
          .when(over)
          .then(eb.lit(1))
          .else(eb('fails', '+', eb.lit(1)))
          .end(),
        fails_at: eb.case().when(over).then(tx.now).else(eb.ref('fails_at')).end(),
      }
    })
    .where('user_id', '=', userId)
    .$if(!tx.app.config.test, (q) =>
      q.where((eb) => eb.or([eb('fails', '<', count), eb('fails_at', '<=', tx.now - seconds)])),
    )
    .returning('fails')
    .executeTakeFirst()
  if (counted) return
  const at = (await passwordRow(tx, userId))?.fails_at ?? 0
  throw new RpcError('FLOOD_WAIT_%d', Math.max(1, at + seconds - tx.now))
}

/** A new password as it is kept, or the wish to have none. */
export type NewPassword = { verifier: Uint8Array; salt1: Uint8Array; salt2: Uint8Array; hint: string } | 'none'

/**
 * What a client wants for a password, checked: undefined when it leaves the password as it is.
 * NEW_SALT_INVALID, NEW_SETTINGS_INVALID.
 */
export function readNewPassword(
  ctx: Ctx,
  userId: number,
  settings: tl.account_PasswordInputSettings,
): NewPassword | undefined {
  const { newAlgo, newPasswordHash } = settings
  if (!newAlgo || !newPasswordHash) return undefined
  if (newPasswordHash.length === 0 || newAlgo._ === 'passwordKdfAlgoUnknown') {
    if (newPasswordHash.length > 0) throw new RpcError('NEW_SETTINGS_INVALID')
    return 'none'
  }
  const expected = newAlgorithm(ctx, userId)
  const { salt1, salt2 } = newAlgo
  const ours = salt1.length === SALT1 + SALT1_OWN && timingSafeEqual(salt1.subarray(0, SALT1), expected.salt1)
  if (!ours || !Buffer.from(expected.salt2).equals(salt2)) throw new RpcError('NEW_SALT_INVALID')
  const sameGroup = newAlgo.g === SRP_G && SRP_PRIME.equals(newAlgo.p)
  if (!sameGroup || newPasswordHash.length !== 256 || !srpInRange(newPasswordHash)) {
    throw new RpcError('NEW_SETTINGS_INVALID')
  }
  return { verifier: newPasswordHash, salt1, salt2, hint: (settings.hint ?? '').slice(0, 256) }
}

const noPassword = { verifier: null, email: null, secure: null, hint: '', pending: null, pending_email: null }

/** Sets, changes or takes off a password. A recovery address and what Passport keeps go with the password. */
export async function setPassword(tx: Tx, userId: number, password: NewPassword): Promise<void> {
  const common = { fails: 0, reset_at: 0 }
  if (password === 'none') {
    await tx.trx
      .updateTable('password')
      .set((eb) => ({ ...noPassword, ...common, version: eb('version', '+', 1) }))
      .where('user_id', '=', userId)
      .execute()
    return
  }
  const row = {
    verifier: seal(tx.app.secrets.seal, context(userId), password.verifier),
    salt1: password.salt1,
    salt2: password.salt2,
    hint: password.hint,
    set_at: tx.now,
    ...common,
  }
  await tx.trx
    .insertInto('password')
    .values({ user_id: userId, version: 1, ...row })
    .onConflict((c) => c.column('user_id').doUpdateSet((eb) => ({ ...row, version: eb('password.version', '+', 1) })))
    .execute()
}

/** Sets or takes off the recovery address, which has been confirmed. */
export async function setRecoveryEmail(tx: Tx, userId: number, email: string | null): Promise<void> {
  await tx.trx
    .updateTable('password')
    .set({ email, pending: null, pending_email: null })
    .where('user_id', '=', userId)
    .execute()
}

/** Keeps Passport's secret, encrypted by the client under the password. */
export async function setSecure(tx: Tx, userId: number, secure: tl.SecureSecretSettings): Promise<void> {
  const kept = secure.secureSecret.length === 0 ? null : atRest(secure)
  await tx.trx.updateTable('password').set({ secure: kept }).where('user_id', '=', userId).execute()
}

export function viewSecure(row: PasswordRow): tl.SecureSecretSettings | undefined {
  return row.secure ? (readObject(row.secure) as tl.SecureSecretSettings) : undefined
}

/**
 * Proves that the caller may give away what they own: with a password that has stood for a while, from a session that
 * is no new one, so that whoever got hold of an account for a moment cannot. Clients ask whether they could by an empty
 * check, and take PASSWORD_HASH_INVALID for yes. PASSWORD_MISSING, SESSION_TOO_FRESH_%d, PASSWORD_TOO_FRESH_%d (seconds).
 * Never under --test, where nobody waits. https://core.telegram.org/api/rights#ownership-transfer
 */
export async function mayGiveAway(ctx: Ctx, check: tl.InputCheckPasswordSRP): Promise<void> {
  const { test, limits } = ctx.app.config
  const row = await passwordRow(ctx, ctx.userId)
  if (!row?.verifier) throw new RpcError('PASSWORD_MISSING')
  if (!test) {
    const session = await signedInAt(ctx)
    const young = session + limits.freshSessionSeconds - ctx.now
    if (young > 0) throw new RpcError(`SESSION_TOO_FRESH_${young}`)
    const fresh = row.set_at + limits.freshPasswordSeconds - ctx.now
    if (fresh > 0) throw new RpcError(`PASSWORD_TOO_FRESH_${fresh}`)
  }
  await checkPassword(ctx, ctx.userId, check)
}

async function signedInAt(ctx: Ctx): Promise<number> {
  const id = ctx.session?.auth.id ?? ''
  const own = await ctx.db.selectFrom('auth_key').select('signed_in_at').where('id', '=', id).executeTakeFirst()
  return own?.signed_in_at ?? 0
}
