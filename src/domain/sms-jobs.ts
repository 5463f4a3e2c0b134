import type { Selectable } from 'kysely'
import type { App } from '../rpc/app.ts'
import { type Ctx, systemCtx, type Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { cancelJob, type JobRunner, schedule } from '../rpc/jobs.ts'
import type { Tables } from '../storage/index.ts'
import { seal, unseal } from '../storage/seal.ts'
import type * as tl from '../tl/gen/types.ts'
import { phoneTables } from './phone-tables.ts'
import { givePremium } from './premium.ts'
import { lockUser, userRow } from './user-rows.ts'

export type SmsSenderRow = Selectable<Tables['sms_sender']>
type SmsJobRow = Selectable<Tables['sms_job']>

const DAY = 86_400
/** What an account sends is counted by months, and so long is the Premium of one that has sent all it can. */
const MONTH = 30 * DAY
/** Phones that are looked at for one text, and those that may be given it one after the other. */
const LOOKED_AT = 50
const TRIES = 3

const PASS = 'smsjobs.pass'
const passing = (id: string) => `${PASS}:${id}`

/** Whether an account may send text messages for the server: where the operator has it so, people with a number. */
export async function mayJoin(ctx: Ctx): Promise<string> {
  const terms = ctx.app.config.smsJobs
  const user = await userRow(ctx, ctx.userId)
  if (terms === undefined || !user || user.bot === 1 || user.phone === null) throw new RpcError('NOT_ELIGIBLE')
  return terms
}

/** The caller as one who sends; NOT_JOINED. */
export async function joined(ctx: Ctx): Promise<SmsSenderRow> {
  const row = await ctx.db.selectFrom('sms_sender').selectAll().where('owner', '=', ctx.userId).executeTakeFirst()
  if (row?.joined !== 1) throw new RpcError('NOT_JOINED')
  return row
}

/** What an account has sent in the month that is on. */
export function recently(row: SmsSenderRow, now: number): { sent: number; since: number } {
  return row.recent_since + MONTH > now ? { sent: row.recent_sent, since: row.recent_since } : { sent: 0, since: now }
}

/** A number's country; undefined for one that belongs to none. */
const countryOf = (phone: string) => phoneTables().parsePhoneNumberFromString(`+${phone}`)?.country

/**
 * Somebody whose phone can send a text there now: joined, connected to this node or online by what the app says, with
 * messages left; of those who have sent least. Nobody sends to themselves, nor to another country unless they say so.
 */
async function senderFor(tx: Tx, phone: string, tried: readonly number[]): Promise<number | undefined> {
  const { smsJobsMonthly } = tx.app.config.limits
  let rows = tx.trx
    .selectFrom('sms_sender as s')
    .innerJoin('user as u', 'u.id', 's.owner')
    .selectAll('s')
    .select(['u.phone', 'u.online_until'])
    .where('s.joined', '=', 1)
    .where((eb) => eb.or([eb('s.recent_sent', '<', smsJobsMonthly), eb('s.recent_since', '<=', tx.now - MONTH)]))
    .where('u.phone', 'is not', null)
    .where('u.phone', '<>', phone)
    .where('u.banned', '=', 0)
    .where((eb) => eb.exists(eb.selectFrom('auth_key as k').select('k.id').whereRef('k.user_id', '=', 's.owner')))
    .orderBy('s.recent_sent')
    .orderBy('s.owner')
    .limit(LOOKED_AT)
  if (tried.length > 0) rows = rows.where('s.owner', 'not in', tried)
  const country = countryOf(phone)
  const fits = (row: { owner: number; international: number; phone: string | null; online_until: number }) => {
    if (!tx.app.hub.listening(row.owner) && row.online_until <= tx.now) return false
    return row.international === 1 || (country !== undefined && countryOf(row.phone!) === country)
  }
  return (await rows.execute()).find(fits)?.owner
}

async function give(tx: Tx, job: SmsJobRow): Promise<void> {
  const { id, ...row } = job
  await tx.trx
    .insertInto('sms_job')
    .values({ id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute()
  await tx.publish(job.owner, { kind: 'update', update: { _: 'updateSmsJob', jobId: id } })
  const dueAt = tx.now + tx.app.config.limits.smsJobSeconds
  await schedule(tx, { id: passing(id), kind: PASS, owner: 0, dueAt, data: { id, owner: job.owner } })
}

/**
 * Gives a text message to somebody's phone to send, where the operator lets accounts do so.
 * @returns false when nobody can: then it goes the usual way
 */
export async function sendByAccount(app: App, phone: string, text: string, code: string): Promise<boolean> {
  if (app.config.smsJobs === undefined) return false
  return systemCtx(app).transact(async (tx) => {
    const owner = await senderFor(tx, phone, [])
    if (owner === undefined) return false
    const id = app.random(16).toString('hex')
    const sealed = seal(app.secrets.seal, `sms_job:${id}`, Buffer.from(JSON.stringify({ text, code })))
    await give(tx, { id, owner, phone, sealed, tried: '' })
    return true
  })
}

const opened = (app: App, row: SmsJobRow): { text: string; code: string } =>
  JSON.parse(unseal(app.secrets.seal, `sms_job:${row.id}`, row.sealed).toString())

/** A text message that the caller is to send; SMSJOB_ID_INVALID for what is nobody's, or somebody else's by now. */
export async function viewSmsJob(ctx: Ctx, id: string): Promise<tl.smsJob> {
  const row = await ctx.db
    .selectFrom('sms_job')
    .selectAll()
    .where('id', '=', id)
    .where('owner', '=', ctx.userId)
    .executeTakeFirst()
  if (!row) throw new RpcError('SMSJOB_ID_INVALID')
  return { _: 'smsJob', jobId: id, phoneNumber: `+${row.phone}`, text: opened(ctx.app, row).text }
}

/** The caller has sent a text: it counts, and whoever has sent all they can in a month gets Premium for one. */
export async function smsSent(tx: Tx, id: string): Promise<void> {
  const owner = tx.userId
  await lockUser(tx, owner)
  const gone = await tx.trx
    .deleteFrom('sms_job')
    .where('id', '=', id)
    .where('owner', '=', owner)
    .returning('id')
    .executeTakeFirst()
  if (!gone) throw new RpcError('SMSJOB_ID_INVALID')
  await cancelJob(tx, passing(id))
  const row = await tx.trx.selectFrom('sms_sender').selectAll().where('owner', '=', owner).executeTakeFirst()
  if (!row) return
  const { sent, since } = recently(row, tx.now)
  await tx.trx
    .updateTable('sms_sender')
    .set((eb) => ({ recent_sent: sent + 1, recent_since: since, total_sent: eb('total_sent', '+', 1) }))
    .where('owner', '=', owner)
    .execute()
  if (sent + 1 === tx.app.config.limits.smsJobsMonthly) await reward(tx, owner)
}

/** @TODO a gift code that can be given away (`last_gift_slug`): ends with the payments' folder. */
async function reward(tx: Tx, owner: number): Promise<void> {
  const has = (await userRow(tx, owner))?.premium === 1
  const row = await tx.trx.selectFrom('premium').select('until').where('owner', '=', owner).executeTakeFirst()
  if (has && !row?.until) return
  await givePremium(tx, owner, Math.max(tx.now, has ? row!.until : 0) + MONTH)
}

/** Passes a text on that an account has not sent: to another phone, and after some of them the usual way. */
export async function passOn(ctx: Ctx, id: string, owner: number): Promise<void> {
  const left = await ctx.transact(async (tx) => {
    const row = await tx.trx
      .deleteFrom('sms_job')
      .where('id', '=', id)
      .where('owner', '=', owner)
      .returningAll()
      .executeTakeFirst()
    if (!row) return undefined
    const tried = [...row.tried.split(',').filter(Boolean).map(Number), owner]
    const next = tried.length < TRIES ? await senderFor(tx, row.phone, tried) : undefined
    if (next === undefined) {
      await cancelJob(tx, passing(id))
      return row
    }
    await give(tx, { ...row, owner: next, tried: tried.join(',') })
    return undefined
  })
  if (!left) return
  const { text, code } = opened(ctx.app, left)
  await ctx.app.senders.sms(`+${left.phone}`, text, code).catch((error) => {
    ctx.app.log.error({ err: error }, 'a code could not be sent')
  })
}

/** What is due at a time: a phone that sends nothing loses what it was given. */
export const smsJobs: Record<string, JobRunner> = {
  [PASS]: async (ctx, job) => {
    const { id, owner } = job.data as { id: string; owner: number }
    await passOn(ctx, id, owner)
  },
}
