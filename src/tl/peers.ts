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
  const out = into ?? noPeers()
  visit(object, setsOf(out), undefined)
  return out
}

/**
 * The same, with those kept apart who stand in no other place than where clients do with a `min` constructor. An id may
 * be among both: what stands anywhere else counts as such.
 *
 * See https://core.telegram.org/api/min
 */
export function collectPeersApart(object: unknown): { needed: MentionedPeers; apart: MentionedPeers } {
  const needed = noPeers()
  const apart = noPeers()
  visit(object, setsOf(needed), setsOf(apart))
  return { needed, apart }
}

type Sets = readonly Set<number>[]

const noPeers = (): MentionedPeers => ({ users: new Set(), chats: new Set(), channels: new Set() })
const setsOf = (peers: MentionedPeers): Sets => [peers.users, peers.chats, peers.channels]

/**
 * Places of those whom a message merely shows the pictures of, and of who types: no client asks for more there. Authors,
 * whom a text mentions, where something was forwarded from and the like are not among them. Clients take a message for
 * incomplete when they do not know one of those in full, and fetch the difference instead.
 */
const APART: ReadonlyMap<string, string> = new Map([
  ['messageReplies', 'recentRepliers'],
  ['messagePeerReaction', 'peerId'],
  ['messageReactor', 'peerId'],
  ['pollResults', 'recentVoters'],
  ['pollAnswerVoters', 'recentVoters'],
  ['todoCompletion', 'completedBy'],
  ['updateChannelUserTyping', 'fromId'],
])

function visit(value: any, sets: Sets, apart: Sets | undefined): void {
  if (Array.isArray(value)) {
    for (const v of value) visit(v, sets, apart)
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
  const place = apart && APART.get(value._)
  for (const key of row.walk) {
    if (value[key] !== undefined) visit(value[key], key === place ? apart! : sets, apart)
  }
}
