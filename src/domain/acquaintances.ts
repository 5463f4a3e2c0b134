import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type { Fact } from '../updates/facts.ts'
import './people-facts.ts'

/** Accounts that are told when somebody changes. Whoever comes after these learns of it when they next meet the user. */
const BOUND = 1000

const keepers = query<{ user: number; limit: number }>()((db, p) =>
  db
    .selectFrom('contact as c')
    .innerJoin('user as u', 'u.id', 'c.owner')
    .select('u.id')
    .where('c.user_id', '=', p.user)
    .where('u.bot', '=', 0)
    .where('u.deleted', '=', 0)
    .limit(p.limit),
)

const partners = query<{ user: number; limit: number }>()((db, p) =>
  db
    .selectFrom('dialog as d')
    .innerJoin('user as u', 'u.id', 'd.peer')
    .select('u.id')
    .where('d.owner', '=', p.user)
    .where('d.peer', '>', 0)
    .where('u.bot', '=', 0)
    .where('u.deleted', '=', 0)
    .orderBy('d.top_date', 'desc')
    .limit(p.limit),
)

/**
 * The accounts that know someone: those who keep them as a contact, and those they have a private chat with, the
 * latest first. People only, without the user themselves; at most 1000, in ascending order, so that whoever writes to
 * their boxes locks them in the same order as everybody else.
 */
export async function knownBy(ctx: Ctx, userId: number): Promise<number[]> {
  const found = new Set<number>()
  for (const { id } of await ctx.run(partners, { user: userId, limit: BOUND })) found.add(id)
  for (const { id } of await ctx.run(keepers, { user: userId, limit: BOUND })) found.add(id)
  found.delete(userId)
  return [...found].slice(0, BOUND).sort((a, b) => a - b)
}

const contactsAmong = query<{ owner: number; users: readonly number[] }>({ table: 'contact' })((db, p, d) =>
  db
    .selectFrom('contact')
    .select('user_id as id')
    .where('owner', '=', p.owner)
    .where('user_id', 'in', d.each(p.users) as never),
)

const dialogsAmong = query<{ owner: number; users: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('dialog')
    .select('peer as id')
    .where('owner', '=', p.owner)
    .where('peer', 'in', d.each(p.users) as never),
)

/** Those of some users whom the viewer neither keeps as contacts nor has a private chat with; nobody but oneself is not. */
export async function strangersAmong(ctx: Ctx, users: readonly number[]): Promise<Set<number>> {
  const strangers = new Set(users)
  strangers.delete(ctx.viewer)
  if (strangers.size === 0) return strangers
  const named = { owner: ctx.viewer, users: [...strangers] }
  for (const known of [contactsAmong, dialogsAmong])
    for (const { id } of await ctx.run(known, named)) strangers.delete(id)
  return strangers
}

/** Appends a fact to the box of the account itself and of everybody who knows it. */
export async function tellAcquaintances(tx: Tx, userId: number, fact: Fact): Promise<void> {
  const owners = [userId, ...(await knownBy(tx, userId))]
  await tx.publishAll(owners.map((owner) => [owner, fact]))
}

/**
 * Tells the account's other devices and everybody who knows it its present names and usernames: under the name they
 * saved, where they saved one. https://core.telegram.org/constructor/updateUserName
 */
export async function tellName(tx: Tx, userId: number): Promise<void> {
  await tellAcquaintances(tx, userId, { kind: 'userName', user: userId })
}

/**
 * Tells that something about an account changed which no update of its own describes (photo, colors ...): clients then
 * take the user that comes along. https://core.telegram.org/constructor/updateUser
 */
export async function tellUser(tx: Tx, userId: number): Promise<void> {
  await tellAcquaintances(tx, userId, { kind: 'update', update: { _: 'updateUser', userId } })
}
