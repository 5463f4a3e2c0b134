import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { isPublic, ownChannel } from './access.ts'
import { type InviteRow, inviteByHash } from './channel-invites.ts'
import { unlisted } from './channel-members.ts'
import { isIn, isKicked } from './channel-rights.ts'
import { type ChannelRow, channelMember, channelRow, STATE } from './channel-rows.ts'
import { viewChannel, viewChannels } from './channels.ts'
import { chatRow, GONE, memberRow, memberRows } from './chat-rows.ts'
import { viewChats } from './chats.ts'
import { photoRow, viewPhoto } from './files.ts'
import { bareId, channelPeer, kindOf } from './peers.ts'
import { activeUsernames } from './usernames.ts'
import { viewUsers } from './users.ts'

/** Members shown with an invitation. */
const SHOWN = 5
/** How long one may look into a group that one was invited to, seconds. */
const PEEK = 300

/** A link that somebody comes by: INVITE_HASH_EMPTY, INVITE_HASH_INVALID, INVITE_HASH_EXPIRED. */
export async function usableInvite(ctx: Ctx, hash: string): Promise<InviteRow> {
  if (hash === '') throw new RpcError('INVITE_HASH_EMPTY')
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(hash)) throw new RpcError('INVITE_HASH_INVALID')
  const row = await inviteByHash(ctx, hash)
  if (!row || row.revoked === 1) throw new RpcError('INVITE_HASH_EXPIRED')
  if (row.expires > 0 && row.expires <= ctx.now) throw new RpcError('INVITE_HASH_EXPIRED')
  if (row.usage_limit > 0 && row.used >= row.usage_limit) throw new RpcError('INVITE_HASH_EXPIRED')
  return row
}

/**
 * Where a link leads, as whoever has it sees it; INVITE_HASH_EXPIRED where it leads nowhere any more.
 * @param peeks groups that can be looked into are opened to the viewer for a while
 * https://core.telegram.org/constructor/chatInvite
 */
export async function viewInvite(ctx: Ctx, invite: InviteRow, peeks: boolean): Promise<tl.ChatInvite> {
  const id = bareId(invite.peer)
  return kindOf(invite.peer) === 'chat'
    ? basic(ctx, id, invite.request_needed)
    : channel(ctx, id, invite.request_needed, peeks)
}

async function photoOf(ctx: Ctx, id: number | null): Promise<tl.Photo> {
  const row = id === null ? undefined : await photoRow(ctx, id)
  return row ? viewPhoto(ctx, row) : { _: 'photoEmpty', id: 0n }
}

async function basic(ctx: Ctx, id: number, request: number): Promise<tl.ChatInvite> {
  const row = await chatRow(ctx, id)
  if (!row || row.deactivated === 1) throw new RpcError('INVITE_HASH_EXPIRED')
  const own = await memberRow(ctx, id, ctx.userId)
  if (own?.gone === GONE.in) return { _: 'chatInviteAlready', chat: (await viewChats(ctx, [id]))[0]! }
  const members = (await memberRows(ctx, id)).slice(0, SHOWN)
  return {
    _: 'chatInvite',
    requestNeeded: request === 1 || undefined,
    title: row.title,
    about: row.about || undefined,
    photo: await photoOf(ctx, row.photo_id),
    participantsCount: row.count,
    participants: await viewUsers(
      ctx,
      members.map((m) => m.user_id),
    ),
    color: id % 7,
  }
}

async function channel(ctx: Ctx, id: number, request: number, peeks: boolean): Promise<tl.ChatInvite> {
  const row = await channelRow(ctx, id)
  if (!row || row.deleted === 1) throw new RpcError('INVITE_HASH_EXPIRED')
  const own = await channelMember(ctx, id, ctx.userId)
  if (isKicked(ctx, own)) throw new RpcError('INVITE_HASH_EXPIRED')
  if (isIn(own)) return { _: 'chatInviteAlready', chat: (await viewChannels(ctx, [id]))[0]! }
  const open = row.megagroup === 1 && row.hidden_prehistory === 0 && request === 0
  if (peeks && open && (await isShown(ctx, row))) {
    return peek(ctx, id)
  }
  return {
    _: 'chatInvite',
    channel: true,
    broadcast: row.megagroup === 0 || undefined,
    public: (await activeUsernames(ctx, channelPeer(id))).length > 0 || undefined,
    megagroup: row.megagroup === 1 || undefined,
    requestNeeded: request === 1 || undefined,
    title: row.title,
    about: row.about || undefined,
    photo: await photoOf(ctx, row.photo_id),
    participantsCount: row.members,
    participants: row.megagroup === 1 && row.participants_hidden === 0 ? await known(ctx, row) : undefined,
    color: id % 7,
  }
}

/** Members whom the caller knows; undefined for none. */
async function known(ctx: Ctx, row: ChannelRow): Promise<tl.User[] | undefined> {
  const hidden = await unlisted(ctx, await ownChannel(ctx, row.id))
  const rows = await ctx.db
    .selectFrom('contact as c')
    .innerJoin('channel_member as m', (j) => j.on('m.channel_id', '=', row.id).onRef('m.user_id', '=', 'c.user_id'))
    .select('m.user_id')
    .where('c.owner', '=', ctx.userId)
    .where('m.state', '=', STATE.in)
    .$if(hidden.length > 0, (q) => q.where('m.user_id', 'not in', hidden))
    .orderBy('m.date')
    .orderBy('m.user_id')
    .limit(SHOWN)
    .execute()
  if (rows.length === 0) return undefined
  return viewUsers(
    ctx,
    rows.map((row) => row.user_id),
  )
}

/** Groups that can be looked into before one comes in: those with a name, and those where a channel is discussed. */
async function isShown(ctx: Ctx, row: ChannelRow): Promise<boolean> {
  return row.linked !== null || (await isPublic(ctx, row))
}

async function peek(ctx: Ctx, id: number): Promise<tl.chatInvitePeek> {
  const expires = ctx.now + PEEK
  await ctx.transact((tx) =>
    tx.trx
      .insertInto('channel_member')
      .values({ channel_id: id, user_id: tx.userId, inviter: 0, date: tx.now, state: STATE.left, peek_until: expires })
      .onConflict((c) => c.columns(['channel_id', 'user_id']).doUpdateSet({ peek_until: expires }))
      .execute(),
  )
  return { _: 'chatInvitePeek', chat: await viewChannel(ctx, id), expires }
}
