import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { App } from '../rpc/app.ts'
import { type Ctx, systemCtx, type Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { MessageRow } from './message-rows.ts'
import { atRest, MEDIA_KIND } from './message-view.ts'
import { phoneTables } from './phone-tables.ts'
import { userRow } from './user-rows.ts'

export type FactCheckRow = Selectable<Tables['fact_check']>

/** UTF-16 code units of a fact-check. https://core.telegram.org/api/config#factcheck-length-limit */
export const FACT_CHECK_LENGTH = 1024

const checks = query<{ channel: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('fact_check')
    .selectAll()
    .where('channel', '=', p.channel)
    .where('message_id', 'in', d.each(p.ids) as never),
)
const checker = query<{ user: number }>()((db, p) =>
  db.selectFrom('fact_checker').select('country').where('user_id', '=', p.user),
)

/** For which country somebody checks facts, empty for all; undefined for whom the operator has not made a checker. */
export async function checksFactsFor(ctx: Ctx, user: number): Promise<string | undefined> {
  const [row] = await ctx.run(checker, { user })
  return row?.country
}

/** Makes somebody a checker of facts, or takes that back (undefined). */
export async function setFactChecker(tx: Tx, user: number, country: string | undefined): Promise<void> {
  await tx.trx.deleteFrom('fact_checker').where('user_id', '=', user).execute()
  if (country === undefined) return
  await tx.trx.insertInto('fact_checker').values({ user_id: user, country }).execute()
}

/** Posts of one channel that have been checked, by their ids. */
export async function factChecks(
  ctx: Ctx,
  channel: number,
  ids: readonly number[],
): Promise<Map<number, FactCheckRow>> {
  if (ids.length === 0) return new Map()
  return new Map((await ctx.run(checks, { channel, ids })).map((row) => [row.message_id, row]))
}

/**
 * Marks messages that have been checked. All viewers see the same: what it says, and whether it is for their country,
 * is what they ask for when the message is on their screen. https://core.telegram.org/api/factcheck
 */
export async function markChecked(ctx: Ctx, rows: readonly MessageRow[], views: readonly tl.Message[]): Promise<void> {
  const marked = rows.filter(isChecked)
  for (const [owner, own] of Map.groupBy(marked, (row) => row.owner)) {
    const ids = own.map((row) => row.id)
    const found = await factChecks(ctx, owner, ids)
    rows.forEach((row, i) => {
      const check = row.owner === owner ? found.get(row.id) : undefined
      if (!check || !isChecked(row)) return
      ;(views[i] as tl.message).factcheck = { _: 'factCheck', needCheck: true, hash: BigInt(check.hash) }
    })
  }
}

export const isChecked = (row: Pick<MessageRow, 'media_kind'>): boolean => (row.media_kind & MEDIA_KIND.factCheck) !== 0

/** The country of an account's number, two letters; empty where numbers tell none. */
export async function countryOf(ctx: Ctx, user: number): Promise<string> {
  const phone = (await userRow(ctx, user))?.phone
  return (phone && phoneTables().parsePhoneNumberFromString(`+${phone}`)?.country) || ''
}

/** A fact-check as somebody in that country sees it; one with hash 0 where there is none for them. */
export function viewFactCheck(row: FactCheckRow | undefined, country: string): tl.FactCheck {
  if (!row || (row.country !== '' && row.country !== country)) return { _: 'factCheck', hash: 0n }
  const text = readObject(row.text) as tl.textWithEntities
  return { _: 'factCheck', country: row.country || country, text, hash: BigInt(row.hash) }
}

/** Writes what was found out about a post in place of what was there, or takes it off. */
export async function setFactCheck(
  tx: Tx,
  row: MessageRow,
  found: { text: tl.textWithEntities; country: string } | undefined,
): Promise<void> {
  const { owner, id } = row
  await tx.trx.deleteFrom('fact_check').where('channel', '=', owner).where('message_id', '=', id).execute()
  if (found) {
    const text = atRest(found.text)
    const hash = createHash('sha256').update(found.country).update(text).digest().readBigInt64BE() || 1n
    const made = { country: found.country, text, hash: String(hash), user_id: tx.userId, date: tx.now }
    await tx.trx
      .insertInto('fact_check')
      .values({ channel: owner, message_id: id, ...made })
      .execute()
  }
  const bit = MEDIA_KIND.factCheck
  const kind = found ? row.media_kind | bit : row.media_kind & ~bit
  await tx.trx
    .updateTable('message')
    .set({ media_kind: kind })
    .where('owner', '=', owner)
    .where('id', '=', id)
    .execute()
}

/** Forgets what was found out about posts that are gone. */
export async function forgetFactChecks(tx: Tx, channel: number, gone: readonly MessageRow[]): Promise<void> {
  const ids = gone.filter(isChecked).map((row) => row.id)
  if (ids.length === 0) return
  await tx.trx.deleteFrom('fact_check').where('channel', '=', channel).where('message_id', 'in', ids).execute()
}

/**
 * Makes an account a checker of facts for the operator: of all countries, of one (two letters), or not any more (`off`).
 * @returns a line for the operator
 */
export async function grantFactChecking(app: App, user: number, word: string): Promise<string[]> {
  if (word !== 'off' && word !== 'all' && !/^[a-z]{2}$/i.test(word))
    throw new Error(`${word}: not a country of two letters`)
  const country = word === 'off' ? undefined : word === 'all' ? '' : word.toUpperCase()
  await systemCtx(app).transact((tx) => setFactChecker(tx, user, country))
  if (country === undefined) return [`account ${user} checks facts no more`]
  return [`account ${user} checks facts ${country === '' ? 'for everybody' : `for ${country}`}`]
}
