import { PEERS } from './gen/peers.js'

/** Ids that an object mentions. */
export interface MentionedPeers {
  users: Set<number>
  chats: Set<number>
  channels: Set<number>
}

/**
 * Collects every user, chat and channel that an object of the newest shape, or a list of them, mentions: what a method
 * has to have among `users` and `chats` of its answer. The full objects there (`User`, `Chat`) are not looked into, and
 * an id of 0 is nobody. Which fields are ids of what is a reviewed table in tools/tl/emit-peers.ts.
 *
 * See https://core.telegram.org/api/peers
 */
export function collectPeers(object: unknown, into?: MentionedPeers): MentionedPeers {
  const out = into ?? { users: new Set(), chats: new Set(), channels: new Set() }
  visit(object, [out.users, out.chats, out.channels])
  return out
}

function visit(value: any, sets: readonly Set<number>[]): void {
  if (Array.isArray(value)) {
    for (const v of value) visit(v, sets)
    return
  }
  if (value === null || typeof value !== 'object') return
  const row = PEERS.get(value._)
  if (row === undefined) return
  for (const [key, kind] of row.ids) {
    const id = value[key]
    if (typeof id === 'number') {
      if (id !== 0) sets[kind]!.add(id)
    } else if (id !== undefined) for (const one of id) if (one !== 0) sets[kind]!.add(one)
  }
  for (const key of row.walk) if (value[key] !== undefined) visit(value[key], sets)
}
