import { isIn, isKicked } from '../../domain/channel-rights.ts'
import { channelMember, channelRow } from '../../domain/channel-rows.ts'
import { viewChannels } from '../../domain/channels.ts'
import { chatRow, GONE, memberRow, memberRows } from '../../domain/chat-rows.ts'
import { viewChats } from '../../domain/chats.ts'
import { photoRow, viewPhoto } from '../../domain/files.ts'
import { bareId, channelPeer, kindOf } from '../../domain/peers.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import { viewUsers } from '../../domain/users.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { usable } from './links.ts'

/** Members shown with an invitation. */
const SHOWN = 5

export default method(
  'messages.checkChatInvite',
  async (ctx, req) => {
    const invite = await usable(ctx, req.hash)
    const id = bareId(invite.peer)
    return kindOf(invite.peer) === 'chat'
      ? basic(ctx, id, invite.request_needed)
      : channel(ctx, id, invite.request_needed)
  },
  { flood: 'search' },
)

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

async function channel(ctx: Ctx, id: number, request: number): Promise<tl.ChatInvite> {
  const row = await channelRow(ctx, id)
  if (!row || row.deleted === 1) throw new RpcError('INVITE_HASH_EXPIRED')
  const own = await channelMember(ctx, id, ctx.userId)
  if (isKicked(ctx, own)) throw new RpcError('INVITE_HASH_EXPIRED')
  if (isIn(own)) return { _: 'chatInviteAlready', chat: (await viewChannels(ctx, [id]))[0]! }
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
    color: id % 7,
  }
}
