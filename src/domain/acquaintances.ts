import { query } from '../storage/index.ts'
import type { Ctx, Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { activeUsernames } from './usernames.ts'
import { contactRow } from './users.ts'
import { userRow } from './user-rows.ts'

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

/** Appends an update to the box of everybody who knows someone; `update` makes each one's, or undefined for none. */
export async function tellAcquaintances(
  tx: Tx,
  userId: number,
  update: (viewer: number) => tl.Update | undefined | Promise<tl.Update | undefined>,
): Promise<void> {
  for (const viewer of await knownBy(tx, userId)) {
    const one = await update(viewer)
    if (one) await tx.publish(viewer, { kind: 'update', update: one })
  }
}

/**
 * Tells the account's other devices and everybody who knows it its present names: under the name they saved, where they
 * saved one. https://core.telegram.org/constructor/updateUserName
 */
export async function tellName(tx: Tx, userId: number): Promise<void> {
  const row = await userRow(tx, userId)
  if (!row) return
  const usernames = await activeUsernames(tx, userId)
  const update = (firstName: string, lastName: string): tl.Update => ({
    _: 'updateUserName',
    userId,
    firstName,
    lastName,
    usernames,
  })
  await tx.publish(userId, { kind: 'update', update: update(row.first_name, row.last_name) })
  await tellAcquaintances(tx, userId, async (viewer) => {
    const contact = await contactRow(tx, viewer, userId)
    return contact ? update(contact.first_name, contact.last_name) : update(row.first_name, row.last_name)
  })
}

/**
 * Tells that something about an account changed which no update of its own describes (photo, colors ...): clients then
 * take the user that comes along. https://core.telegram.org/constructor/updateUser
 */
export async function tellUser(tx: Tx, userId: number): Promise<void> {
  const update: tl.Update = { _: 'updateUser', userId }
  await tx.publish(userId, { kind: 'update', update })
  await tellAcquaintances(tx, userId, () => update)
}
