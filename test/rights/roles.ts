import { BANNABLE, rightsOf } from '../../src/domain/channel-rights.ts'
import type { ChatAction } from '../../src/domain/chat-rights.ts'
import type * as tl from '../../src/tl/gen/types.ts'

export type Kind = 'basic' | 'group' | 'comments' | 'channel' | 'forum'
export type AdminRight = Exclude<keyof tl.chatAdminRights, '_'>

/** Who somebody is in a place, and what of it is special. */
export type Role =
  | { is: 'creator' | 'member' | 'left' | 'kicked' }
  /** An administrator of a supergroup or channel with this right alone; of a basic group with all of them. */
  | { is: 'admin'; right: AdminRight }
  /** A member kept from one action: they alone, or like everybody. */
  | { is: 'banned' | 'default'; from: ChatAction }

const all = (is: 'banned' | 'default'): Role[] => BANNABLE.map((from) => ({ is, from }))
const admins = (megagroup: 0 | 1): Role[] => rightsOf({ megagroup }).map((right) => ({ is: 'admin', right }))
const others: Role[] = [{ is: 'creator' }, { is: 'member' }, { is: 'left' }, { is: 'kicked' }]

/** The roles there are in each kind of place. In comments and forums only what differs from a supergroup is tried. */
export const ROLES: Record<Kind, readonly Role[]> = {
  basic: [...others, { is: 'admin', right: 'other' }, ...all('default')],
  group: [...others, ...admins(1), ...all('banned'), ...all('default')],
  comments: [
    ...others,
    { is: 'admin', right: 'other' },
    { is: 'banned', from: 'sendMessages' },
    { is: 'default', from: 'sendPlain' },
  ],
  channel: [...others, ...admins(0)],
  forum: [
    ...others,
    ...(['manageTopics', 'changeInfo', 'pinMessages'] as const).map((right): Role => ({ is: 'admin', right })),
    { is: 'banned', from: 'manageTopics' },
    { is: 'default', from: 'manageTopics' },
  ],
}

export const roleName = (role: Role): string =>
  role.is === 'admin' ? `admin:${role.right}` : 'from' in role ? `${role.is}:${role.from}` : role.is

export const only = (...rights: AdminRight[]): tl.ChatAdminRights =>
  Object.assign({ _: 'chatAdminRights' as const }, ...rights.map((right) => ({ [right]: true })))
export const banned = (...from: ChatAction[]): tl.ChatBannedRights =>
  Object.assign({ _: 'chatBannedRights' as const, untilDate: 0 }, ...from.map((right) => ({ [right]: true })))
