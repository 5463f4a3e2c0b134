import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { collectPeers } from '../tl/index.ts'
import { type ChatRow, chatRow, type MemberRow, memberRow } from './chat-rows.ts'
import { accessHash } from './hashes.ts'
import { type MessageRow, messageRow } from './message-rows.ts'
import { viewMessage } from './message-view.ts'
import { channelPeer, fromPeer } from './peers.ts'
import { type UserRow, userRow } from './user-rows.ts'

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

export type PeerRef = UserRef | ChatRef

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
  const at = await access.peer(ctx, peer)
  const found = await messageRow(ctx, ctx.userId, msgId)
  if (!found || found.peer !== at.peer) throw new RpcError('MSG_ID_INVALID')
  if (!collectPeers(viewMessage(ctx, found)).users.has(userId)) throw new RpcError('MSG_ID_INVALID')
  return userById(ctx, userId)
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
  const row = await chatRow(ctx, chatId)
  const member = row && (await memberRow(ctx, chatId, ctx.userId))
  // Basic groups have no access hash: having been a member is what gives access.
  if (!row || !member) throw new RpcError('PEER_ID_INVALID')
  return brand<ChatRef>({ kind: 'chat', id: chatId, peer: -chatId, row, member })
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
        // @TODO channels: ends with the channels' own folder.
        throw new RpcError('NOT_IMPLEMENTED')
      default:
        throw new RpcError('PEER_ID_INVALID')
    }
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

  /** A message of the caller's own copy, in that dialog; MESSAGE_ID_INVALID otherwise. */
  async message(ctx: Ctx, peer: PeerRef, id: number): Promise<MessageRef> {
    const row = await messageRow(ctx, ctx.userId, id)
    if (!row || row.peer !== peer.peer) throw new RpcError('MESSAGE_ID_INVALID')
    return brand<MessageRef>({ owner: row.owner, id, row })
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
