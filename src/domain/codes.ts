import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { hitTogether } from '../rpc/flood.ts'
import type { Tables } from '../storage/index.ts'

export type CodeRow = Selectable<Tables['code']>

/** What a code proves, so that one sent for one thing is worth nothing for another. */
export type CodePurpose =
  | 'login'
  | 'change'
  | 'confirm'
  | 'setup'
  | 'verify'
  | 'passport'
  | 'recovery-email'
  | 'recovery'

export const CODE_STATE = { live: 0, proven: 1, spent: 2 } as const

/** Rows are kept so long after they were sent, seconds: no code is good for longer. */
const KEPT = 86_400

/** Digits drawn at random. */
export function drawCode(ctx: Pick<Ctx, 'app'>, length: number): string {
  const drawn = ctx.app.random(6).readUIntBE(0, 6) % 10 ** length
  return String(drawn).padStart(length, '0')
}

const hashOf = (ctx: Pick<Ctx, 'app'>, id: string, code: string): string =>
  createHmac('sha256', ctx.app.secrets.token).update(`code:${id}:${code}`).digest('base64url')

/**
 * Bounds the codes sent to one number or address, and from one network address: FLOOD_WAIT_X above. Under --test
 * nothing is bounded.
 */
export async function admitCode(tx: Tx, target: string): Promise<void> {
  const { config } = tx.app
  if (config.test) return
  const { count, seconds } = config.limits.flood.code
  const ip = tx.session?.pipe.remote.ip
  const counted: [string, number][] = [[`codes to ${target}`, count]]
  // Many people may share one network address.
  if (ip) counted.push([`codes from ${ip}`, count * 10])
  for (const [name, most] of counted) {
    const wait = await hitTogether(tx.trx, name, { count: most, seconds }, tx.now)
    if (wait > 0) throw new RpcError('FLOOD_WAIT_%d', wait)
  }
}

/** Codes that any device of the account may give, not only the one that asked. */
const ACCOUNTS = new Set<CodePurpose>(['recovery-email'])

const keyFor = (ctx: Ctx, purpose: CodePurpose): string => (ACCOUNTS.has(purpose) ? '' : (ctx.session?.auth.id ?? ''))

/** The name of a code that its client needs no name for: one for each purpose and account. */
export const codeName = (ctx: Ctx, purpose: CodePurpose, userId: number): string =>
  `${purpose}:${userId}:${keyFor(ctx, purpose)}`

export interface NewCode {
  purpose: CodePurpose
  /** What the client will name it by; drawn when missing. */
  id?: string
  target: string
  userId: number
  way: string
  code: string
  /** How long it is good for, in seconds. */
  seconds?: number
}

/** Writes a code down, so that it can be checked; those of the same purpose that this key asked for before are spent. */
export async function issueCode(tx: Tx, code: NewCode): Promise<string> {
  const id = code.id ?? tx.app.random(9).toString('hex')
  const key = keyFor(tx, code.purpose)
  await tx.trx
    .deleteFrom('code')
    .where('sent_at', '<', tx.now - KEPT)
    .execute()
  await tx.trx
    .updateTable('code')
    .set({ state: CODE_STATE.spent })
    .where('target', '=', code.target)
    .where('purpose', '=', code.purpose)
    .where('key', '=', key)
    .execute()
  const row = {
    id,
    purpose: code.purpose,
    target: code.target,
    key,
    user_id: code.userId,
    way: code.way,
    code: hashOf(tx, id, code.code),
    attempts: 0,
    state: CODE_STATE.live,
    email: null,
    ip: tx.session?.pipe.remote.ip ?? '',
    sent_at: tx.now,
    expires_at: tx.now + (code.seconds ?? tx.app.config.limits.codeSeconds),
  }
  await tx.trx
    .insertInto('code')
    .values(row)
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute()
  return id
}

/** Gives a code another value and way: sent again. Wrong tries stay counted. */
export async function reissueCode(tx: Tx, row: CodeRow, way: string, code: string): Promise<void> {
  await tx.trx
    .updateTable('code')
    .set({
      way,
      code: hashOf(tx, row.id, code),
      sent_at: tx.now,
      expires_at: tx.now + tx.app.config.limits.codeSeconds,
    })
    .where('id', '=', row.id)
    .execute()
}

/** A code that can still be used by this key, or undefined. */
export async function liveCode(
  ctx: Ctx,
  purpose: CodePurpose,
  id: string,
  target: string,
): Promise<CodeRow | undefined> {
  const row = await ctx.db.selectFrom('code').selectAll().where('id', '=', id).executeTakeFirst()
  const ours = row?.purpose === purpose && row.target === target && row.key === keyFor(ctx, purpose)
  if (!row || !ours || row.state === CODE_STATE.spent || row.expires_at <= ctx.now) return undefined
  return row.attempts < ctx.app.config.limits.codeAttempts ? row : undefined
}

export type Verdict = { verdict: 'ok'; row: CodeRow } | { verdict: 'invalid' | 'expired' }

/**
 * Tries a code; every try counts, so the caller lets the transaction commit before it refuses. The right one leaves
 * the code as it is: the caller spends it, or keeps it as proven.
 */
export async function tryCode(
  tx: Tx,
  purpose: CodePurpose,
  id: string,
  target: string,
  code: string,
): Promise<Verdict> {
  const row = await tx.trx
    .updateTable('code')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('purpose', '=', purpose)
    .where('target', '=', target)
    .where('key', '=', keyFor(tx, purpose))
    .where('state', '!=', CODE_STATE.spent)
    .where('expires_at', '>', tx.now)
    .where('attempts', '<', tx.app.config.limits.codeAttempts)
    .returningAll()
    .executeTakeFirst()
  if (!row) return { verdict: 'expired' }
  const right = timingSafeEqual(Buffer.from(row.code), Buffer.from(hashOf(tx, id, code)))
  return right ? { verdict: 'ok', row } : { verdict: 'invalid' }
}

export async function setCodeState(tx: Tx, id: string, state: number): Promise<void> {
  await tx.trx.updateTable('code').set({ state }).where('id', '=', id).execute()
}

/** Makes those of an account's codes worthless that are among these texts. */
export async function spendCodes(
  tx: Tx,
  purpose: CodePurpose,
  userId: number,
  codes: readonly string[],
): Promise<void> {
  const rows = await tx.trx
    .selectFrom('code')
    .select(['id', 'code'])
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('state', '=', CODE_STATE.live)
    .where('expires_at', '>', tx.now)
    .execute()
  for (const row of rows) {
    if (codes.some((code) => hashOf(tx, row.id, code) === row.code)) await setCodeState(tx, row.id, CODE_STATE.spent)
  }
}
