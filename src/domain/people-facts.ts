import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import type { FactKind, FactOf } from '../updates/facts.ts'
import { viewPeerSettings } from './peer-settings.ts'
import { toPeer } from './peers.ts'
import { userRow } from './user-rows.ts'
import { usernameRows, viewUsername } from './usernames.ts'
import { contactRow } from './users.ts'

declare module '../updates/facts.ts' {
  interface Facts {
    /** The bar of a private chat changed: somebody became a contact, or is none any more. */
    peerSettings: { peer: number }
    /** An account's names or usernames changed. */
    userName: { user: number }
  }
}

/** The present bar of a private chat. https://core.telegram.org/constructor/updatePeerSettings */
export async function peerSettingsUpdate(viewer: Ctx, peer: number): Promise<tl.Update> {
  return { _: 'updatePeerSettings', peer: toPeer(peer), settings: await viewPeerSettings(viewer, peer) }
}

/** Present names, under which the viewer knows the account. https://core.telegram.org/constructor/updateUserName */
export async function userNameUpdate(viewer: Ctx, userId: number): Promise<tl.Update | undefined> {
  const row = await userRow(viewer, userId)
  if (!row || row.deleted === 1) return undefined
  const self = userId === viewer.viewer
  const contact = self ? undefined : await contactRow(viewer, viewer.viewer, userId)
  const names = await usernameRows(viewer, userId)
  return {
    _: 'updateUserName',
    userId,
    firstName: contact?.first_name || row.first_name,
    lastName: contact ? contact.last_name : row.last_name,
    usernames: names.filter((name) => self || name.active === 1).map(viewUsername),
  }
}

/** A kind whose update each viewer gets as things are when it is read; of several about one peer the last one tells. */
function presentKind<K extends 'peerSettings' | 'userName'>(
  about: (fact: FactOf<K>) => number,
  update: (viewer: Ctx, about: number) => Promise<tl.Update | undefined>,
): FactKind<K> {
  return {
    pts: () => 0,
    async render(viewer, facts) {
      const last = new Map(facts.map((logged, i) => [about(logged.fact), i]))
      return Promise.all(
        facts.map(({ fact }, i) => (last.get(about(fact)) === i ? update(viewer, about(fact)) : undefined)),
      )
    },
  }
}

export const peopleFacts = {
  peerSettings: presentKind<'peerSettings'>((f) => f.peer, peerSettingsUpdate),
  userName: presentKind<'userName'>((f) => f.user, userNameUpdate),
}
