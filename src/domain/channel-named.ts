import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, asInputChannel, type ChannelRef, type UserRef } from './access.ts'
import { lockChannel } from './channel-members.ts'
import { ROLE } from './chat-rows.ts'
import { channelPeer } from './peers.ts'
import type { Sent } from './send.ts'
import { sentUpdates } from './sent.ts'
import { userRow } from './user-rows.ts'
import { usernamesOf } from './usernames.ts'

/** A channel that the caller may look into, locked to the end of the transaction: what is read of it is current. */
export async function locked(tx: Tx, input: tl.InputChannel): Promise<ChannelRef> {
  const { id } = await access.channel(tx, input)
  return lockChannel(tx, id)
}

/** Only supergroups have it: CHANNEL_INVALID for channels. */
export function mustBeGroup(
  channel: ChannelRef,
  error: 'CHANNEL_INVALID' | 'CHAT_ID_INVALID' = 'CHAT_ID_INVALID',
): void {
  if (channel.row.megagroup === 0) throw new RpcError(error)
}

/** Only supergroups where members speak have it: CHAT_ID_INVALID for others. */
export function mustBeTalk(channel: ChannelRef): void {
  mustBeGroup(channel)
  if (channel.row.gigagroup === 1) throw new RpcError('CHAT_ID_INVALID')
}

/**
 * Somebody named as a participant of a group: an account, or a channel that speaks there. PARTICIPANT_ID_INVALID for
 * what is neither, for the group itself, and for the channel that it discusses.
 */
export async function participant(ctx: Ctx, group: ChannelRef, input: tl.InputPeer): Promise<UserRef | ChannelRef> {
  const named = input._ === 'inputPeerChannel' || input._ === 'inputPeerChannelFromMessage'
  const peer = named ? await access.namedChannel(ctx, asInputChannel(input)) : await access.peer(ctx, input)
  if (peer.kind === 'user') return peer
  const speaks = peer.kind === 'channel' && peer.row.megagroup === 0 && group.row.megagroup === 1
  if (!speaks || peer.id === group.row.linked) throw new RpcError('PARTICIPANT_ID_INVALID')
  return peer
}

/** What a change of a channel answers: what was said of it, and that it has changed. */
export function changed(ctx: Ctx, updates: tl.Update[], sent: readonly Sent[] = []): Promise<tl.updates> {
  return sentUpdates(ctx, sent, updates)
}

/** Public channels that one account can have made. https://core.telegram.org/api/config#client-configuration */
const PUBLIC = 10
const PUBLIC_PREMIUM = 20

/** Refuses one public channel too many: CHANNELS_ADMIN_PUBLIC_TOO_MUCH, CHANNELS_ADMIN_LOCATED_TOO_MUCH. */
export async function mayHaveOneMorePublic(
  ctx: Ctx,
  {
    channel,
    byLocation = false,
    user = ctx.userId,
  }: { channel?: ChannelRef; byLocation?: boolean; user?: number } = {},
): Promise<void> {
  const own = (await adminedPublic(ctx, byLocation, user)).filter((id) => id !== channel?.id)
  if (own.length < PUBLIC) return
  if (own.length < PUBLIC_PREMIUM && (await userRow(ctx, user))?.premium === 1) return
  throw new RpcError(byLocation ? 'CHANNELS_ADMIN_LOCATED_TOO_MUCH' : 'CHANNELS_ADMIN_PUBLIC_TOO_MUCH')
}

/** Public channels that somebody has created: those with a name, or those of a place. */
export async function adminedPublic(ctx: Ctx, byLocation = false, user = ctx.userId): Promise<number[]> {
  const own = ctx.db
    .selectFrom('channel as c')
    .innerJoin('channel_member as m', 'm.channel_id', 'c.id')
    .select('c.id')
    .where('m.user_id', '=', user)
    .where('m.state', '=', 0)
    .where('m.role', '=', ROLE.creator)
    .where('c.deleted', '=', 0)
    .orderBy('c.id')
  if (byLocation) return (await own.where('c.location', 'is not', null).execute()).map((row) => row.id)
  const ids = (await own.execute()).map((row) => row.id)
  const names = await usernamesOf(ctx, ids.map(channelPeer))
  return ids.filter((id) => names.get(channelPeer(id))?.some((name) => name.active === 1))
}
