import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { collectPeers } from '../tl/index.ts'
import { viewMessages } from './channel-marks.ts'
import { isAdmin, isIn, isKicked, mayPeek } from './channel-rights.ts'
import { type ChannelMemberRow, type ChannelRow, channelMember, channelRow } from './channel-rows.ts'
import { type ChatRow, chatRow, type MemberRow, memberRow } from './chat-rows.ts'
import { accessHash } from './hashes.ts'
import { type MessageRow, messageRow, messageRows } from './message-rows.ts'
import { channelPeer, fromPeer } from './peers.ts'
import { type UserRow, userRow } from './user-rows.ts'
import { activeUsernames } from './usernames.ts'

/**
 * The only door from what a client names to what the server touches. Everything returned here carries a brand that
 * nothing else can make, so an action cannot be called with an object nobody checked.
 * https://core.telegram.org/api/peers
 */
declare const checked: unique symbol
interface Checked {
  readonly [checked]: true
}

export interface UserRef extends Checked {
  readonly kind: 'user'
  readonly id: number
  /** Marked id. */
  readonly peer: number
  readonly row: UserRow
  readonly self: boolean
}

/** Who asks: an account that signed in. Every UserRef will do where the server acts for another. */
export interface Actor extends Checked {
  readonly id: number
}

export interface ChatRef extends Checked {
  readonly kind: 'chat'
  /** Positive id, as in TL. */
  readonly id: number
  readonly peer: number
  readonly row: ChatRow
  /** The viewer's membership; gone members may still read what they have. */
  readonly member: MemberRow | undefined
}

export interface ChannelRef extends Checked {
  readonly kind: 'channel'
  /** Positive id, as in TL. */
  readonly id: number
  readonly peer: number
  readonly row: ChannelRow
  /** What the channel knows of the viewer, who need not be in it. */
  readonly member: ChannelMemberRow | undefined
  /** Monoforums: the only topic (marked id) that the viewer sees; undefined for who manages direct messages. */
  readonly topic: number | undefined
}

export type PeerRef = UserRef | ChatRef | ChannelRef

/** Whose copy of a dialog's messages the caller sees: a channel's only one, else their own. */
export const boxOf = (ctx: Ctx, peer: PeerRef): number => (peer.kind === 'channel' ? peer.peer : ctx.userId)

export interface MessageRef extends Checked {
  readonly owner: number
  readonly id: number
  readonly row: MessageRow
}

const brand = <T>(value: Omit<T, typeof checked>): T => value as T

async function userById(ctx: Ctx, id: number): Promise<UserRef> {
  const row = await userRow(ctx, id)
  if (!row) throw new RpcError('PEER_ID_INVALID')
  return brand<UserRef>({ kind: 'user', id, peer: id, row, self: id === ctx.viewer })
}

/** An account by its number alone, for the server's own work, where no client named it. */
export async function ownUser(ctx: Ctx, id: number): Promise<UserRef> {
  return userById(ctx, id)
}

/**
 * A user named by a message that mentions them: how clients name those whom they know only as `min`. The message is
 * the caller's own copy, in that dialog; MSG_ID_INVALID where it is not there or mentions somebody else.
 * https://core.telegram.org/api/min
 */
async function fromMessage(ctx: Ctx, peer: tl.InputPeer, msgId: number, userId: number): Promise<UserRef> {
  if (ctx.session?.auth.bot) throw new RpcError('FROM_MESSAGE_BOT_DISABLED')
  const named = await peersOfMessage(ctx, peer, msgId)
  if (!named.users.has(userId)) throw new RpcError('MSG_ID_INVALID')
  return userById(ctx, userId)
}

/** Whom a message mentions that the caller can see. */
async function peersOfMessage(ctx: Ctx, peer: tl.InputPeer, msgId: number) {
  if (peer._ === 'inputPeerUserFromMessage' || peer._ === 'inputPeerChannelFromMessage') {
    throw new RpcError('MSG_ID_INVALID')
  }
  const at = await access.peer(ctx, peer)
  const found = await messageRow(ctx, boxOf(ctx, at), msgId)
  if (!found || found.peer !== at.peer) throw new RpcError('MSG_ID_INVALID')
  if (at.kind === 'channel' && !seesIn(at, found)) throw new RpcError('MSG_ID_INVALID')
  return collectPeers(await viewMessages(ctx, [found]))
}

/** A channel that the caller can name, whether or not they may look into it; CHANNEL_INVALID. */
async function namedChannel(ctx: Ctx, input: tl.InputChannel): Promise<ChannelRef> {
  const { _: kind } = input
  if (kind === 'inputChannelEmpty') throw new RpcError('CHANNEL_INVALID')
  const { channelId } = input
  if (kind === 'inputChannelFromMessage') {
    if (ctx.session?.auth.bot) throw new RpcError('FROM_MESSAGE_BOT_DISABLED')
    const named = await peersOfMessage(ctx, input.peer, input.msgId)
    if (!named.channels.has(channelId)) throw new RpcError('MSG_ID_INVALID')
  } else if (!(input.accessHash === 0n && ctx.session?.auth.bot)) {
    if (input.accessHash !== accessHash(ctx, 'channel', channelId)) throw new RpcError('CHANNEL_INVALID')
  }
  return channelById(ctx, channelId)
}

async function channelById(ctx: Ctx, id: number): Promise<ChannelRef> {
  const [row, member] = await Promise.all([channelRow(ctx, id), channelMember(ctx, id, ctx.userId)])
  if (!row) throw new RpcError('CHANNEL_INVALID')
  const topic = row.monoforum === 1 && !isAdmin(member) ? ctx.viewer : undefined
  return brand<ChannelRef>({ kind: 'channel', id, peer: channelPeer(id), row, member, topic })
}

/** A channel by its number alone, for the server's own work, where no client named it. */
export async function ownChannel(ctx: Ctx, id: number): Promise<ChannelRef> {
  return channelById(ctx, id)
}

/**
 * Whether the caller may look into a channel: its members may, who was invited and looks before they decide, and
 * everybody where it has a username or belongs to one that has. CHANNEL_PRIVATE.
 */
async function lookInto(ctx: Ctx, channel: ChannelRef): Promise<ChannelRef> {
  const { row, member } = channel
  if (row.deleted === 1 || isKicked(ctx, member)) throw new RpcError('CHANNEL_PRIVATE')
  if (row.monoforum === 1) {
    // Whoever sees a channel may write to it.
    await lookInto(ctx, await channelById(ctx, row.monoforum_link!))
    return channel
  }
  if (isIn(member) || mayPeek(ctx, member) || (await isPublic(ctx, row))) return channel
  if (await mayComment(ctx, row)) return channel
  throw new RpcError('CHANNEL_PRIVATE')
}

/** Whoever is in a channel may look into the group where it is discussed. */
async function mayComment(ctx: Ctx, row: ChannelRow): Promise<boolean> {
  if (row.linked === null || row.megagroup === 0 || row.monoforum === 1) return false
  return isIn(await channelMember(ctx, row.linked, ctx.userId))
}

/** Whether a channel can be found by a name, or belongs to one that can. */
export async function isPublic(ctx: Ctx, row: ChannelRow): Promise<boolean> {
  if (row.location !== null || (await activeUsernames(ctx, channelPeer(row.id))).length > 0) return true
  return row.linked !== null && (await activeUsernames(ctx, channelPeer(row.linked))).length > 0
}

export function asInputChannel(input: tl.inputPeerChannel | tl.inputPeerChannelFromMessage): tl.InputChannel {
  return input._ === 'inputPeerChannel' ? { ...input, _: 'inputChannel' } : { ...input, _: 'inputChannelFromMessage' }
}

async function hashedUser(ctx: Ctx, userId: number, hash: bigint, error: 'PEER_ID_INVALID' | 'USER_ID_INVALID') {
  // Bots may name any user they have met without a hash. https://core.telegram.org/api/bots#access-hash
  const free = userId === ctx.viewer || (hash === 0n && ctx.session?.auth.bot)
  if (!free && hash !== accessHash(ctx, 'user', userId)) throw new RpcError(error)
  const row = await userRow(ctx, userId)
  if (!row) throw new RpcError(error)
  return brand<UserRef>({ kind: 'user', id: userId, peer: userId, row, self: userId === ctx.viewer })
}

async function chatById(ctx: Ctx, chatId: number): Promise<ChatRef> {
  const [row, member] = await Promise.all([chatRow(ctx, chatId), memberRow(ctx, chatId, ctx.userId)])
  // Basic groups have no access hash: having been a member is what gives access.
  if (!row || !member) throw new RpcError('PEER_ID_INVALID')
  return brand<ChatRef>({ kind: 'chat', id: chatId, peer: -chatId, row, member })
}

/** The first message of a channel that its viewer may see: what came before may be hidden from new members. */
export function firstVisible(channel: ChannelRef): number {
  const { row, member } = channel
  const hidden = !isIn(member) && row.hidden_prehistory === 1 ? row.top_message : 0
  return Math.max(row.cleared_to, member?.min_id ?? 0, hidden) + 1
}

/** Whether the viewer of a channel sees a message of it. */
export function seesIn(channel: ChannelRef, row: Pick<MessageRow, 'id' | 'saved_peer'>): boolean {
  if (channel.topic !== undefined && row.saved_peer !== channel.topic) return false
  return row.id >= firstVisible(channel)
}

export const access = {
  /** The caller, without reading the account's row. */
  me(ctx: Ctx): Actor {
    return brand<Actor>({ id: ctx.userId })
  },

  /** A user named as InputUser; USER_ID_INVALID otherwise. */
  async user(ctx: Ctx, input: tl.InputUser): Promise<UserRef> {
    switch (input._) {
      case 'inputUserSelf':
        return userById(ctx, ctx.userId)
      case 'inputUser':
        return hashedUser(ctx, input.userId, input.accessHash, 'USER_ID_INVALID')
      case 'inputUserFromMessage':
        return fromMessage(ctx, input.peer, input.msgId, input.userId)
      default:
        throw new RpcError('USER_ID_INVALID')
    }
  },

  /** Users named as InputUser, each checked. Doubles are dropped. */
  async users(ctx: Ctx, inputs: readonly tl.InputUser[]): Promise<UserRef[]> {
    const found = new Map<number, UserRef>()
    for (const input of inputs) {
      const user = await access.user(ctx, input)
      found.set(user.id, user)
    }
    return [...found.values()]
  },

  /** A dialog named as InputPeer; PEER_ID_INVALID otherwise. */
  async peer(ctx: Ctx, input: tl.InputPeer): Promise<PeerRef> {
    switch (input._) {
      case 'inputPeerSelf':
        return userById(ctx, ctx.userId)
      case 'inputPeerUser':
        return hashedUser(ctx, input.userId, input.accessHash, 'PEER_ID_INVALID')
      case 'inputPeerUserFromMessage':
        return fromMessage(ctx, input.peer, input.msgId, input.userId)
      case 'inputPeerChat':
        return chatById(ctx, input.chatId)
      case 'inputPeerChannel':
      case 'inputPeerChannelFromMessage':
        return access.channel(ctx, asInputChannel(input))
      default:
        throw new RpcError('PEER_ID_INVALID')
    }
  },

  /** A channel named as InputChannel that the caller may look into; CHANNEL_INVALID, CHANNEL_PRIVATE. */
  async channel(ctx: Ctx, input: tl.InputChannel): Promise<ChannelRef> {
    return lookInto(ctx, await namedChannel(ctx, input))
  },

  /** A channel that the caller can name, even where it shows as forbidden to them; CHANNEL_INVALID. */
  async namedChannel(ctx: Ctx, input: tl.InputChannel): Promise<ChannelRef> {
    return namedChannel(ctx, input)
  },

  /** A user named as InputPeer; anything else is PEER_ID_INVALID. */
  async userPeer(ctx: Ctx, input: tl.InputPeer): Promise<UserRef> {
    const peer = await access.peer(ctx, input)
    if (peer.kind !== 'user') throw new RpcError('PEER_ID_INVALID')
    return peer
  },

  /** A basic group by its id, of which the caller is or was a member; CHAT_ID_INVALID otherwise. */
  async chat(ctx: Ctx, chatId: number): Promise<ChatRef> {
    return chatById(ctx, chatId).catch((error) => {
      throw error instanceof RpcError ? new RpcError('CHAT_ID_INVALID') : error
    })
  },

  /** A message of the caller's own copy, or a channel's, in that dialog; MESSAGE_ID_INVALID otherwise. */
  async message(ctx: Ctx, peer: PeerRef, id: number): Promise<MessageRef> {
    const row = await messageRow(ctx, boxOf(ctx, peer), id)
    if (!row || row.peer !== peer.peer) throw new RpcError('MESSAGE_ID_INVALID')
    if (peer.kind === 'channel' && !seesIn(peer, row)) throw new RpcError('MESSAGE_ID_INVALID')
    return brand<MessageRef>({ owner: row.owner, id, row })
  },

  /** Messages of a channel; those that are not there are left out. */
  async channelMessages(ctx: Ctx, channel: ChannelRef, ids: readonly number[]): Promise<MessageRef[]> {
    const rows = await messageRows(ctx, channel.peer, [...new Set(ids)])
    return rows
      .filter((row) => seesIn(channel, row))
      .map((row) => brand<MessageRef>({ owner: row.owner, id: row.id, row }))
  },

  /** Messages of the caller's own copies; those that are not there are left out. */
  async messages(ctx: Ctx, ids: readonly number[]): Promise<MessageRef[]> {
    const found: MessageRef[] = []
    for (const id of new Set(ids)) {
      const row = await messageRow(ctx, ctx.userId, id)
      if (row) found.push(brand<MessageRef>({ owner: row.owner, id, row }))
    }
    return found
  },
}

/** The marked id an InputPeer names, without any check: only for comparing with what is stored for the caller. */
export function namedPeer(ctx: Ctx, input: tl.InputPeer): number {
  switch (input._) {
    case 'inputPeerSelf':
      return ctx.userId
    case 'inputPeerUser':
    case 'inputPeerUserFromMessage':
      return fromPeer({ _: 'peerUser', userId: input.userId })
    case 'inputPeerChat':
      return -input.chatId
    case 'inputPeerChannel':
    case 'inputPeerChannelFromMessage':
      return channelPeer(input.channelId)
    default:
      return 0
  }
}
