import type * as tl from '../tl/gen/types.ts'

/** Channels' marked ids begin below this. https://core.telegram.org/api/bots/ids */
export const CHANNEL_BASE = -1_000_000_000_000

/** Ids of monoforums begin above this. https://core.telegram.org/api/bots/ids#monoforum-ids */
export const MONOFORUM_BASE = 1_002_147_483_648

/** Whether a marked id is that of a channel's direct messages. */
export const isMonoforum = (marked: number): boolean => marked < CHANNEL_BASE - MONOFORUM_BASE

/** What a marked id names. */
export type PeerKind = 'user' | 'chat' | 'channel'

export function kindOf(marked: number): PeerKind {
  if (marked > 0) return 'user'
  return marked <= CHANNEL_BASE ? 'channel' : 'chat'
}

export const chatPeer = (chatId: number): number => -chatId
export const channelPeer = (channelId: number): number => CHANNEL_BASE - channelId

/** The id that TL knows: positive, within its kind. */
export function bareId(marked: number): number {
  if (marked > 0) return marked
  return marked <= CHANNEL_BASE ? CHANNEL_BASE - marked : -marked
}

export function toPeer(marked: number): tl.Peer {
  if (marked > 0) return { _: 'peerUser', userId: marked }
  if (marked <= CHANNEL_BASE) return { _: 'peerChannel', channelId: CHANNEL_BASE - marked }
  return { _: 'peerChat', chatId: -marked }
}

export function fromPeer(peer: tl.Peer): number {
  switch (peer._) {
    case 'peerUser':
      return peer.userId
    case 'peerChat':
      return -peer.chatId
    case 'peerChannel':
      return channelPeer(peer.channelId)
  }
}
