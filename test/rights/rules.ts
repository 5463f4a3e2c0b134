import type { ChatAction } from '../../src/domain/chat-rights.ts'
import type { AdminRight, Kind, Role } from './roles.ts'

/**
 * Who may do something in one kind of place. https://core.telegram.org/api/rights
 * `admins`: every one, those with a right, the creator, or nobody. `members`: all, none, or those who are not kept from
 * any of these (the first names the action itself, the others what goes with it).
 */
export interface Rule {
  admins: 'all' | 'creator' | 'nobody' | AdminRight
  members: 'all' | 'none' | readonly ChatAction[]
  /** What those hear who lack the right; CHAT_ADMIN_REQUIRED unless said. */
  refusal?: string
  /** What an action that one is kept from answers, by what forbids it; `refusal` where nothing is said. */
  kept?: Partial<Record<ChatAction, string>>
  /** What administrators hear who are to stay anonymous. */
  anonymous?: string
  /** What those hear who left or never were in it; undefined where they may. */
  outside?: string | undefined
}

/** What holds in each kind of place; of forums only what they alone have is said. */
export type Rules = Record<Exclude<Kind, 'forum'>, Rule>

const CODES: Partial<Record<ChatAction, string>> = {
  sendPlain: 'CHAT_SEND_PLAIN_FORBIDDEN',
  sendPhotos: 'CHAT_SEND_PHOTOS_FORBIDDEN',
  sendVideos: 'CHAT_SEND_VIDEOS_FORBIDDEN',
  sendRoundvideos: 'CHAT_SEND_ROUNDVIDEOS_FORBIDDEN',
  sendAudios: 'CHAT_SEND_AUDIOS_FORBIDDEN',
  sendVoices: 'CHAT_SEND_VOICES_FORBIDDEN',
  sendDocs: 'CHAT_SEND_DOCS_FORBIDDEN',
  sendStickers: 'CHAT_SEND_STICKERS_FORBIDDEN',
  sendGifs: 'CHAT_SEND_GIFS_FORBIDDEN',
  sendPolls: 'CHAT_SEND_POLL_FORBIDDEN',
}

/** Something said: administrators may, members unless they are kept from it; channels are for those who post. */
export function says(action: ChatAction): Rules {
  const members =
    action === 'sendPlain' ? [action, 'sendMessages' as const] : [action, 'sendMedia' as const, 'sendMessages' as const]
  const kept = { ...CODES, sendMedia: 'CHAT_SEND_MEDIA_FORBIDDEN', sendMessages: 'CHAT_WRITE_FORBIDDEN' }
  const group: Rule = { admins: 'all', members, kept, outside: 'CHANNEL_PRIVATE' }
  return {
    basic: { ...group, outside: 'CHAT_WRITE_FORBIDDEN' },
    group,
    comments: { ...group, outside: undefined },
    channel: { admins: 'postMessages', members: 'none', outside: 'CHANNEL_PRIVATE' },
  }
}

/** What is an administrator's alone. */
export function manages(right: AdminRight, channelRight: AdminRight = right, refusal?: string): Rules {
  const rule: Rule = { admins: right, members: 'none', outside: 'CHANNEL_PRIVATE', ...(refusal ? { refusal } : {}) }
  return {
    basic: { ...rule, admins: 'all', outside: 'CHAT_ID_INVALID' },
    group: rule,
    comments: { ...rule, outside: refusal ?? 'CHAT_ADMIN_REQUIRED' },
    channel: { ...rule, admins: channelRight },
  }
}

/** What is the creator's alone. */
export function creates(): Rules {
  const rule: Rule = { admins: 'creator', members: 'none', outside: 'CHANNEL_PRIVATE' }
  return {
    basic: { ...rule, outside: 'CHAT_ADMIN_REQUIRED' },
    group: rule,
    comments: { ...rule, outside: 'CHAT_ADMIN_REQUIRED' },
    channel: rule,
  }
}

/** What members of groups may, too, unless they are kept from it. */
export function shares(right: AdminRight & ChatAction, channelRight: AdminRight = right): Rules {
  const rules = manages(right, channelRight)
  for (const kind of ['basic', 'group', 'comments'] as const) rules[kind].members = [right]
  return rules
}

/** What whoever sees the place may; who is kept from it hears `kept`. */
export function everybody(from: readonly ChatAction[] = [], kept: Rule['kept'] = {}): Rules {
  const rule: Rule = { admins: 'all', members: from.length > 0 ? from : 'all', kept, outside: 'CHANNEL_PRIVATE' }
  return {
    basic: { ...rule, outside: undefined },
    group: rule,
    comments: { ...rule, outside: undefined },
    channel: { ...rule, members: 'all' },
  }
}

/** The same of what shows who did it: anonymous administrators of a group may not. */
export function shown(rules: Rules): Rules {
  const anonymous = 'ANONYMOUS_REACTIONS_DISABLED'
  return { ...rules, group: { ...rules.group, anonymous }, comments: { ...rules.comments, anonymous } }
}

/** The error that a role gets, undefined where it may. */
export function outcome(kind: Kind, rule: Rule, role: Role): string | undefined {
  const refusal = rule.refusal ?? 'CHAT_ADMIN_REQUIRED'
  const { admins, members } = rule
  if ('from' in role) return held(rule, role, refusal)
  switch (role.is) {
    case 'creator':
      return admins === 'nobody' ? refusal : undefined
    case 'admin': {
      if (rule.anonymous && role.right === 'anonymous') return rule.anonymous
      if (admins === 'all' || admins === role.right) return undefined
      // What everybody may, administrators may without a right of their own.
      if (kind !== 'channel' && members !== 'none') return undefined
      return refusal
    }
    case 'left':
      return rule.outside
    case 'kicked':
      return kind === 'basic' ? rule.outside : 'CHANNEL_PRIVATE'
    case 'member':
      return members === 'none' ? refusal : undefined
  }
}

/** What somebody hears who is kept from one action. */
function held({ members, kept }: Rule, role: Extract<Role, { from: unknown }>, refusal: string): string | undefined {
  if (members === 'none') return refusal
  if (members === 'all' || !members.includes(role.from)) return undefined
  // Who may not say anything hears that it is they alone.
  if (role.is === 'banned' && kept?.[role.from] === 'CHAT_WRITE_FORBIDDEN') return 'USER_BANNED_IN_CHANNEL'
  return kept?.[role.from] ?? refusal
}
