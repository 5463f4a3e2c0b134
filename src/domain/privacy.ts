import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'

/** Privacy keys by the TL names without their prefix. https://core.telegram.org/api/privacy */
export type PrivacyKey =
  | 'statusTimestamp'
  | 'chatInvite'
  | 'phoneCall'
  | 'phoneP2P'
  | 'forwards'
  | 'profilePhoto'
  | 'phoneNumber'
  | 'addedByPhone'
  | 'voiceMessages'
  | 'about'
  | 'birthday'
  | 'starGiftsAutoSave'
  | 'noPaidMessages'
  | 'savedMusic'

/** One rule, in the order in which rules decide: the first that matches. */
export type PrivacyRule =
  | { rule: 'allowAll' | 'allowContacts' | 'allowCloseFriends' | 'allowPremium' | 'allowBots' }
  | { rule: 'disallowAll' | 'disallowContacts' | 'disallowBots' }
  | { rule: 'allowUsers' | 'disallowUsers'; users: number[] }
  | { rule: 'allowChats' | 'disallowChats'; chats: number[] }

/** Keys that are for contacts while an account has set nothing; the others are for everybody. */
const FOR_CONTACTS = new Set<PrivacyKey>(['phoneNumber', 'birthday', 'noPaidMessages'])

/** What holds while an account has set nothing. */
export function defaultRules(key: PrivacyKey): PrivacyRule[] {
  return FOR_CONTACTS.has(key) ? [{ rule: 'allowContacts' }, { rule: 'disallowAll' }] : [{ rule: 'allowAll' }]
}

/**
 * What someone who was blocked no longer sees or does, whatever the rules say.
 * https://telegram.org/faq#q-can-i-block-someone
 */
const NOT_FOR_BLOCKED = new Set<PrivacyKey>([
  'statusTimestamp',
  'profilePhoto',
  'about',
  'birthday',
  'phoneCall',
  'phoneP2P',
  'chatInvite',
  'savedMusic',
])

/** How an account stands to the one who looks. */
export interface Standing {
  viewer: number
  /** The owner has the viewer among the contacts. */
  contact: boolean
  closeFriend: boolean
  premium: boolean
  bot: boolean
}

/** Users' exceptions come before chats', those before groups of users, those before everybody. */
const ORDER: Record<PrivacyRule['rule'], number> = {
  disallowUsers: 0,
  allowUsers: 0,
  disallowChats: 1,
  allowChats: 1,
  disallowBots: 2,
  allowBots: 2,
  allowCloseFriends: 2,
  allowPremium: 2,
  allowContacts: 3,
  disallowContacts: 3,
  allowAll: 4,
  disallowAll: 4,
}

/** Whether rules let someone through. `shares` tells whether the viewer is in one of those chats (marked ids). */
export async function permits(
  rules: readonly PrivacyRule[],
  who: Standing,
  shares: (chats: number[]) => Promise<boolean>,
): Promise<boolean> {
  for (const rule of [...rules].sort((a, b) => ORDER[a.rule] - ORDER[b.rule])) {
    switch (rule.rule) {
      case 'allowUsers':
        if (rule.users.includes(who.viewer)) return true
        break
      case 'disallowUsers':
        if (rule.users.includes(who.viewer)) return false
        break
      case 'allowChats':
        if (await shares(rule.chats)) return true
        break
      case 'disallowChats':
        if (await shares(rule.chats)) return false
        break
      case 'allowBots':
        if (who.bot) return true
        break
      case 'disallowBots':
        if (who.bot) return false
        break
      case 'allowCloseFriends':
        if (who.closeFriend) return true
        break
      case 'allowPremium':
        if (who.premium) return true
        break
      case 'allowContacts':
        if (who.contact) return true
        break
      case 'disallowContacts':
        if (who.contact) return false
        break
      case 'allowAll':
        return true
      case 'disallowAll':
        return false
    }
  }
  return false
}

const rulesOf = query<{ owners: readonly number[] }>({ table: 'privacy' })((db, p, d) =>
  db
    .selectFrom('privacy')
    .selectAll()
    .where('owner', 'in', d.each(p.owners) as never),
)
const keepersOf = query<{ owners: readonly number[]; user: number }>({ table: 'contact' })((db, p, d) =>
  db
    .selectFrom('contact')
    .select(['owner', 'close_friend'])
    .where('owner', 'in', d.each(p.owners) as never)
    .where('user_id', '=', p.user),
)
const blockersOf = query<{ owners: readonly number[]; peer: number }>({ table: 'block' })((db, p, d) =>
  db
    .selectFrom('block')
    .select('owner')
    .where('owner', 'in', d.each(p.owners) as never)
    .where('peer', '=', p.peer)
    .where('stories', '=', 0),
)
const traits = query<{ id: number }>({ table: 'user', byId: true })((db, p) =>
  db.selectFrom('user').select(['premium', 'bot']).where('id', '=', p.id),
)

/** All rules an account has set. */
export async function privacyRules(ctx: Ctx, owner: number): Promise<Map<PrivacyKey, PrivacyRule[]>> {
  return (await rulesOfAll(ctx, [owner])).get(owner) ?? new Map()
}

/** The rules of several accounts; those who have set nothing are missing. */
export async function rulesOfAll(
  ctx: Ctx,
  owners: readonly number[],
): Promise<Map<number, Map<PrivacyKey, PrivacyRule[]>>> {
  const all = new Map<number, Map<PrivacyKey, PrivacyRule[]>>()
  for (const row of await ctx.run(rulesOf, { owners })) {
    let own = all.get(row.owner)
    if (!own) all.set(row.owner, (own = new Map()))
    own.set(row.key as PrivacyKey, JSON.parse(row.rules) as PrivacyRule[])
  }
  return all
}

/** Whether someone is now in one of these chats (marked ids). */
export async function inOneOf(ctx: Ctx, user: number, chats: readonly number[]): Promise<boolean> {
  // @TODO channels among `chats`: ends with the channels' own folder.
  const ids = chats.filter((c) => c < 0).map((c) => -c)
  if (ids.length === 0) return false
  const row = await ctx.db
    .selectFrom('chat_member')
    .select('user_id')
    .where('chat_id', 'in', ids)
    .where('user_id', '=', user)
    .where('gone', '=', 0)
    .executeTakeFirst()
  return row !== undefined
}

/** How a viewer stands to an account. */
export async function standing(ctx: Ctx, owner: number, viewer: number): Promise<Standing> {
  const [[kept], [user]] = await Promise.all([
    ctx.run(keepersOf, { owners: [owner], user: viewer }),
    ctx.run(traits, { id: viewer }),
  ])
  return {
    viewer,
    contact: kept !== undefined,
    closeFriend: kept?.close_friend === 1,
    premium: user?.premium === 1,
    bot: user?.bot === 1,
  }
}

/** What some accounts let one viewer see and do, read at once. */
export interface Permissions {
  /** The account has the viewer among its contacts. */
  keeps(owner: number): boolean
  /** The account has blocked the viewer. */
  blocks(owner: number): boolean
  /** Whether the account lets the viewer see or do what the key names. Oneself always may. */
  allows(owner: number, key: PrivacyKey): Promise<boolean>
  /** Whether the account's rules make no difference between viewers, whom it blocked aside. */
  everybody(owner: number, key: PrivacyKey): boolean
}

/** Reads what `owners` allow `viewer` (by default who asks), for any number of owners with the same few queries. */
export async function permissions(ctx: Ctx, owners: readonly number[], viewer = ctx.viewer): Promise<Permissions> {
  const [rules, kept, blocked] = await Promise.all([
    rulesOfAll(ctx, owners),
    ctx.run(keepersOf, { owners, user: viewer }),
    ctx.run(blockersOf, { owners, peer: viewer }),
  ])
  const keepers = new Map(kept.map((r) => [r.owner, r.close_friend]))
  const blockers = new Set(blocked.map((r) => r.owner))
  let who: { premium: boolean; bot: boolean } | undefined
  const shares = (chats: number[]) => inOneOf(ctx, viewer, chats)
  const everybody = (own: readonly PrivacyRule[]) => own.length === 1 && own[0]!.rule === 'allowAll'
  return {
    everybody: (owner, key) => everybody(rules.get(owner)?.get(key) ?? defaultRules(key)),
    keeps: (owner) => keepers.has(owner),
    blocks: (owner) => blockers.has(owner),
    async allows(owner, key) {
      if (owner === viewer) return true
      if (blockers.has(owner) && NOT_FOR_BLOCKED.has(key)) return false
      const own = rules.get(owner)?.get(key) ?? defaultRules(key)
      if (everybody(own)) return true
      if (!who) {
        const [row] = await ctx.run(traits, { id: viewer })
        who = { premium: row?.premium === 1, bot: row?.bot === 1 }
      }
      const contact = keepers.has(owner)
      return permits(own, { viewer, contact, closeFriend: keepers.get(owner) === 1, ...who }, shares)
    },
  }
}

/** Whether `owner` lets `viewer` (by default who asks) see or do what `key` names. Oneself always may. */
export async function allowedBy(ctx: Ctx, owner: number, key: PrivacyKey, viewer = ctx.viewer): Promise<boolean> {
  if (owner === viewer) return true
  return (await permissions(ctx, [owner], viewer)).allows(owner, key)
}

/** Like allowedBy, for several keys of one owner with one reading of the rows. */
export async function allowedKeys(ctx: Ctx, owner: number, keys: readonly PrivacyKey[]): Promise<Set<PrivacyKey>> {
  if (owner === ctx.viewer) return new Set(keys)
  const what = await permissions(ctx, [owner])
  const allowed = new Set<PrivacyKey>()
  for (const key of keys) if (await what.allows(owner, key)) allowed.add(key)
  return allowed
}
