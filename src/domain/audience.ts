import type { Ctx } from '../rpc/context.ts'
import { type Query, query } from '../storage/index.ts'
import { STATE } from './channel-rows.ts'
import { ROLE } from './chat-rows.ts'
import { type PrivacyKey, rulesOfAll } from './privacy.ts'

/** Of longer lists than that only those are read who look. */
const LIST = 1000

const keepersOf = query<{ user: number; limit: number }>({ table: 'contact' })((db, p) =>
  db.selectFrom('contact').select('owner as id').where('user_id', '=', p.user).limit(p.limit),
)
const keepersAmong = query<{ user: number; among: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('contact')
    .select('owner as id')
    .where('user_id', '=', p.user)
    .where('owner', 'in', d.each(p.among) as never),
)
const contactsOf = query<{ user: number; limit: number }>({ table: 'contact' })((db, p) =>
  db.selectFrom('contact').select(['user_id as id', 'close_friend']).where('owner', '=', p.user).limit(p.limit),
)
const contactsAmong = query<{ user: number; among: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('contact')
    .select(['user_id as id', 'close_friend'])
    .where('owner', '=', p.user)
    .where('user_id', 'in', d.each(p.among) as never),
)
const blockedBy = query<{ user: number; limit: number }>({ table: 'block' })((db, p) =>
  db.selectFrom('block').select('peer as id').where('owner', '=', p.user).where('stories', '=', 0).limit(p.limit),
)
const blockedAmong = query<{ user: number; among: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('block')
    .select('peer as id')
    .where('owner', '=', p.user)
    .where('stories', '=', 0)
    .where('peer', 'in', d.each(p.among) as never),
)
const membersAmong = query<{ channel: number; among: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_member')
    .select(['user_id', 'date', 'state', 'role', 'banned_rights'])
    .where('channel_id', '=', p.channel)
    .where('user_id', 'in', d.each(p.among) as never),
)

/** The keys that decide what of a user is shown. */
const SHOWN: readonly PrivacyKey[] = ['phoneNumber', 'profilePhoto', 'statusTimestamp']

/** How accounts stand to some users and channels, as far as it decides how they see them. */
export interface Around {
  /**
   * A number that is the same for accounts that see those users and channels alike, but for access hashes and when they
   * came into a channel; undefined for one that may see something of its own.
   */
  look(account: number): number | undefined
  /** When accounts came into each of the channels. */
  readonly joined: ReadonlyMap<number, ReadonlyMap<number, number>>
}

/**
 * Looks up who of `accounts` sees users and channels alike. Who has one of the users as a contact, was blocked by one,
 * or is named in one's privacy rules, sees them in a way of their own; so do administrators of the channels and those
 * who are restricted in them. Undefined where rules decide by what is not looked up here.
 */
export async function around(
  ctx: Ctx,
  users: ReadonlySet<number>,
  channels: ReadonlySet<number>,
  accounts: readonly number[],
): Promise<Around | undefined> {
  const own = new Set<number>(users)
  const rules = await rulesOfAll(ctx, [...users])
  for (const each of rules.values()) {
    for (const key of SHOWN) {
      for (const rule of each.get(key) ?? []) {
        if (rule.rule === 'allowPremium' || 'chats' in rule) return undefined
        if ('users' in rule) for (const user of rule.users) own.add(user)
      }
    }
  }
  /** By whom of the users somebody is kept as a contact, a bit each; the bits after those are the channels. */
  const bits = new Map<number, number>()
  let bit = 1
  for (const user of users) {
    for (const { id } of await these(ctx, keepersOf, keepersAmong, user, accounts)) own.add(id)
    for (const { id } of await these(ctx, blockedBy, blockedAmong, user, accounts)) own.add(id)
    for (const { id, close_friend } of await these(ctx, contactsOf, contactsAmong, user, accounts)) {
      if (close_friend === 1) own.add(id)
      bits.set(id, (bits.get(id) ?? 0) | bit)
    }
    bit <<= 1
  }
  const joined = new Map<number, Map<number, number>>()
  for (const channel of channels) {
    const dates = new Map<number, number>()
    joined.set(channel, dates)
    for (const row of await ctx.run(membersAmong, { channel, among: accounts })) {
      const { user_id: id } = row
      if (row.state !== STATE.in || row.role !== ROLE.member || row.banned_rights) own.add(id)
      dates.set(id, row.date)
      bits.set(id, (bits.get(id) ?? 0) | bit)
    }
    bit <<= 1
  }
  return { joined, look: (account) => (own.has(account) ? undefined : (bits.get(account) ?? 0)) }
}

async function these<R extends { id: number }>(
  ctx: Ctx,
  whole: Query<{ user: number; limit: number }, R>,
  among: Query<{ user: number; among: readonly number[] }, R>,
  user: number,
  accounts: readonly number[],
): Promise<R[]> {
  const all = await ctx.run(whole, { user, limit: LIST + 1 })
  return all.length <= LIST ? all : ctx.run(among, { user, among: accounts })
}
