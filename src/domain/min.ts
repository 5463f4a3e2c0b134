import type * as tl from '../tl/gen/types.ts'
import { roughStatus } from './users.ts'

/**
 * A stranger with what anybody may see of them: no contact's names, no number, and when they were last seen only
 * roughly. The empty number tells clients that the access hash is good for everything, as that of a full user is.
 * https://core.telegram.org/constructor/user
 */
export function minUser(user: tl.User, now: number): tl.User {
  if (user._ !== 'user' || user.deleted) return user
  const { contact: _c, mutualContact: _m, closeFriend: _f, status, ...rest } = user
  return { ...rest, min: true, phone: '', status: status && minStatus(status, now) }
}

function minStatus(status: tl.UserStatus, now: number): tl.UserStatus {
  switch (status._) {
    case 'userStatusOnline':
      return roughStatus(status.expires, now)
    case 'userStatusOffline':
      return roughStatus(status.wasOnline, now)
    case 'userStatusEmpty':
      return status
    default:
      // Whether the viewer's own settings hide it is for the full user to say.
      return { _: status._ }
  }
}

/**
 * A channel that the viewer is not in, without how they stand to it, and what its members alone are told.
 * https://core.telegram.org/constructor/channel
 */
export function minChannel(chat: tl.Chat): tl.Chat {
  if (chat._ !== 'channel' || !chat.left) return chat
  const { left: _l, bannedRights: _b, participantsCount: _p, signatures: _s, signatureProfiles: _sp, ...rest } = chat
  return { ...rest, min: true }
}
