import type { Ctx, Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { bareId } from './peers.ts'
import { defaultRules, inOneOf, type PrivacyKey, type PrivacyRule, permits, privacyRules, standing } from './privacy.ts'
import { lockUser } from './user-rows.ts'

type KeyName = tl.PrivacyKey['_']

/** The key as TL answers it: `phoneNumber` is privacyKeyPhoneNumber. */
export function viewKey(key: PrivacyKey): tl.PrivacyKey {
  return { _: `privacyKey${key[0]!.toUpperCase()}${key.slice(1)}` as KeyName }
}

/** Rules as TL answers them. https://core.telegram.org/type/PrivacyRule */
export function viewRules(rules: readonly PrivacyRule[]): tl.PrivacyRule[] {
  return rules.map((rule) => {
    switch (rule.rule) {
      case 'allowUsers':
        return { _: 'privacyValueAllowUsers', users: rule.users }
      case 'disallowUsers':
        return { _: 'privacyValueDisallowUsers', users: rule.users }
      case 'allowChats':
        return { _: 'privacyValueAllowChatParticipants', chats: rule.chats.map(bareId) }
      case 'disallowChats':
        return { _: 'privacyValueDisallowChatParticipants', chats: rule.chats.map(bareId) }
      default:
        return { _: PLAIN[rule.rule] }
    }
  })
}

const PLAIN = {
  allowAll: 'privacyValueAllowAll',
  allowContacts: 'privacyValueAllowContacts',
  allowCloseFriends: 'privacyValueAllowCloseFriends',
  allowPremium: 'privacyValueAllowPremium',
  allowBots: 'privacyValueAllowBots',
  disallowAll: 'privacyValueDisallowAll',
  disallowContacts: 'privacyValueDisallowContacts',
  disallowBots: 'privacyValueDisallowBots',
} as const

/** The rules of an account for a key: what it set, else the default. */
export async function rulesFor(ctx: Ctx, owner: number, key: PrivacyKey): Promise<PrivacyRule[]> {
  return (await privacyRules(ctx, owner)).get(key) ?? defaultRules(key)
}

/** Writes the caller's rules for a key and tells their other devices. Gives the update that says so. */
export async function setRules(tx: Tx, key: PrivacyKey, rules: PrivacyRule[]): Promise<tl.Update> {
  const owner = tx.userId
  const json = JSON.stringify(rules)
  await tx.trx
    .insertInto('privacy')
    .values({ owner, key, rules: json })
    .onConflict((c) => c.columns(['owner', 'key']).doUpdateSet({ rules: json }))
    .execute()
  const update: tl.Update = { _: 'updatePrivacy', key: viewKey(key), rules: viewRules(rules) }
  await tx.publish(owner, { kind: 'update', update })
  return update
}

/**
 * Makes an exception for one user in the caller's rules for a key, unless these let them through already.
 * @returns the update that tells of it, if anything changed
 */
export async function allowUser(tx: Tx, key: PrivacyKey, user: number): Promise<tl.Update | undefined> {
  await lockUser(tx, tx.userId)
  const rules = await rulesFor(tx, tx.userId, key)
  if (await permits(rules, await standing(tx, tx.userId, user), (chats) => inOneOf(tx, user, chats))) return undefined
  const next = rules
    .map((rule) => (rule.rule === 'disallowUsers' ? { ...rule, users: rule.users.filter((id) => id !== user) } : rule))
    .filter((rule) => rule.rule !== 'disallowUsers' || rule.users.length > 0)
  const exception = next.find((rule) => rule.rule === 'allowUsers')
  if (exception?.rule === 'allowUsers') exception.users = [...exception.users, user]
  else next.unshift({ rule: 'allowUsers', users: [user] })
  return setRules(tx, key, next)
}
