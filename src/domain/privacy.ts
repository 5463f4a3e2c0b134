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

/** What holds while an account has set nothing. */
export function defaultRules(key: PrivacyKey): PrivacyRule[] {
  if (key === 'phoneNumber' || key === 'birthday') return [{ rule: 'allowContacts' }, { rule: 'disallowAll' }]
  return [{ rule: 'allowAll' }]
}

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

const rulesOf = query<{ owner: number }>()((db, p) => db.selectFrom('privacy').selectAll().where('owner', '=', p.owner))
const contactOf = query<{ owner: number; user: number }>()((db, p) =>
  db.selectFrom('contact').select('close_friend').where('owner', '=', p.owner).where('user_id', '=', p.user),
)
const traits = query<{ id: number }>()((db, p) => db.selectFrom('user').select(['premium', 'bot']).where('id', '=', p.id))

/** All rules an account has set. */
export async function privacyRules(ctx: Ctx, owner: number): Promise<Map<PrivacyKey, PrivacyRule[]>> {
  const rows = await ctx.run(rulesOf, { owner })
  return new Map(rows.map((row) => [row.key as PrivacyKey, JSON.parse(row.rules) as PrivacyRule[]]))
}

/** How a viewer stands to an account. */
export async function standing(ctx: Ctx, owner: number, viewer: number): Promise<Standing> {
  const [contact] = await ctx.run(contactOf, { owner, user: viewer })
  const [user] = await ctx.run(traits, { id: viewer })
  return {
    viewer,
    contact: contact !== undefined,
    closeFriend: contact?.close_friend === 1,
    premium: user?.premium === 1,
    bot: user?.bot === 1,
  }
}

async function inOneOf(ctx: Ctx, viewer: number, chats: number[]): Promise<boolean> {
  // @TODO channels among `chats`: ends with the channels' own folder.
  const ids = chats.filter((c) => c < 0).map((c) => -c)
  if (ids.length === 0) return false
  const row = await ctx.db
    .selectFrom('chat_member')
    .select('user_id')
    .where('chat_id', 'in', ids)
    .where('user_id', '=', viewer)
    .where('gone', '=', 0)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether `owner` lets `viewer` (by default who asks) see or do what `key` names. Oneself always may. */
export async function allowedBy(ctx: Ctx, owner: number, key: PrivacyKey, viewer = ctx.viewer): Promise<boolean> {
  if (owner === viewer) return true
  const rules = (await privacyRules(ctx, owner)).get(key) ?? defaultRules(key)
  if (rules.length === 1 && rules[0]!.rule === 'allowAll') return true
  return permits(rules, await standing(ctx, owner, viewer), (chats) => inOneOf(ctx, viewer, chats))
}

/** Like allowedBy, for several keys of one owner with one reading of the rows. */
export async function allowedKeys(ctx: Ctx, owner: number, keys: readonly PrivacyKey[]): Promise<Set<PrivacyKey>> {
  const viewer = ctx.viewer
  if (owner === viewer) return new Set(keys)
  const rules = await privacyRules(ctx, owner)
  const open = keys.filter((key) => {
    const own = rules.get(key) ?? defaultRules(key)
    return own.length === 1 && own[0]!.rule === 'allowAll'
  })
  if (open.length === keys.length) return new Set(keys)
  const who = await standing(ctx, owner, viewer)
  const allowed = new Set<PrivacyKey>(open)
  for (const key of keys) {
    if (allowed.has(key)) continue
    if (await permits(rules.get(key) ?? defaultRules(key), who, (c) => inOneOf(ctx, viewer, c))) allowed.add(key)
  }
  return allowed
}
