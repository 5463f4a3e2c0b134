import { access } from '../../domain/access.ts'
import { chatRow, memberRow } from '../../domain/chat-rows.ts'
import { viewChats } from '../../domain/chats.ts'
import { complete } from '../../domain/complete.ts'
import { bareId, chatPeer } from '../../domain/peers.ts'
import type { PrivacyKey, PrivacyRule } from '../../domain/privacy.ts'
import { viewRules } from '../../domain/privacy-rules.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Users and chats in all the exceptions of one key. */
const EXCEPTIONS = 1000
/** Each kind of rule can be there once. */
const RULES = 12

export function keyOf(key: tl.InputPrivacyKey): PrivacyKey {
  const name = key._.slice('inputPrivacyKey'.length)
  return (name[0]!.toLowerCase() + name.slice(1)) as PrivacyKey
}

/**
 * Rules as a client sends them, checked: PRIVACY_VALUE_INVALID for none, for two of one kind, for close friends (who
 * are for stories) and for chats the caller is not in; PRIVACY_TOO_LONG for too many exceptions.
 * https://core.telegram.org/api/privacy
 */
export async function readRules(ctx: Ctx, inputs: readonly tl.InputPrivacyRule[]): Promise<PrivacyRule[]> {
  if (inputs.length === 0) throw new RpcError('PRIVACY_VALUE_INVALID')
  if (inputs.length > RULES) throw new RpcError('PRIVACY_TOO_LONG')
  const rules: PrivacyRule[] = []
  let exceptions = 0
  for (const input of inputs) {
    if (rules.some((rule) => rule.rule === ruleName(input))) throw new RpcError('PRIVACY_VALUE_INVALID')
    if ('users' in input) exceptions += input.users.length
    if ('chats' in input) exceptions += input.chats.length
    if (exceptions > EXCEPTIONS) throw new RpcError('PRIVACY_TOO_LONG')
    rules.push(await readRule(ctx, input))
  }
  return rules
}

function ruleName(input: tl.InputPrivacyRule): PrivacyRule['rule'] {
  const name = input._.slice('inputPrivacyValue'.length).replace('ChatParticipants', 'Chats')
  return (name[0]!.toLowerCase() + name.slice(1)) as PrivacyRule['rule']
}

async function readRule(ctx: Ctx, input: tl.InputPrivacyRule): Promise<PrivacyRule> {
  switch (input._) {
    case 'inputPrivacyValueAllowUsers':
    case 'inputPrivacyValueDisallowUsers': {
      const users = (await access.users(ctx, input.users)).filter((user) => !user.self).map((user) => user.id)
      return { rule: input._ === 'inputPrivacyValueAllowUsers' ? 'allowUsers' : 'disallowUsers', users }
    }
    case 'inputPrivacyValueAllowChatParticipants':
    case 'inputPrivacyValueDisallowChatParticipants': {
      const chats: number[] = []
      for (const id of new Set(input.chats)) chats.push(await ownChat(ctx, id))
      return { rule: input._ === 'inputPrivacyValueAllowChatParticipants' ? 'allowChats' : 'disallowChats', chats }
    }
    case 'inputPrivacyValueAllowCloseFriends':
      throw new RpcError('PRIVACY_VALUE_INVALID')
    default:
      return { rule: ruleName(input) } as PrivacyRule
  }
}

/** The marked id of a group the caller is in; here basic groups and supergroups are both named by their bare ids. */
async function ownChat(ctx: Ctx, id: number): Promise<number> {
  // @TODO supergroups: ends with the channels' own folder.
  const member = (await chatRow(ctx, id)) && (await memberRow(ctx, id, ctx.userId))
  if (member?.gone !== 0) throw new RpcError('PRIVACY_VALUE_INVALID')
  return chatPeer(id)
}

/** account.privacyRules, with everybody the exceptions name. */
export async function viewPrivacy(ctx: Ctx, rules: readonly PrivacyRule[]): Promise<tl.account_privacyRules> {
  const answer = { _: 'account.privacyRules' as const, rules: viewRules(rules), chats: [] as tl.Chat[], users: [] }
  const done = await complete<tl.account_privacyRules>(ctx, answer)
  const chats = rules.flatMap((rule) => ('chats' in rule ? rule.chats : []))
  if (chats.length > 0) done.chats = await viewChats(ctx, chats.map(bareId))
  return done
}
