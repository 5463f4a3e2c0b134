import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { access, type ChannelRef, type UserRef } from '../../domain/access.ts'
import { lockChannel } from '../../domain/channel-members.ts'
import { complete } from '../../domain/complete.ts'
import type { Sent } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'

/** A channel that the caller may look into, locked to the end of the transaction: what is read of it is current. */
export async function locked(tx: Tx, input: tl.InputChannel): Promise<ChannelRef> {
  const { id } = await access.channel(tx, input)
  return lockChannel(tx, id)
}

/** Only supergroups have it: CHANNEL_INVALID for channels. */
export function mustBeGroup(channel: ChannelRef, error: 'CHANNEL_INVALID' | 'CHAT_ID_INVALID' = 'CHAT_ID_INVALID'): void {
  if (channel.row.megagroup === 0) throw new RpcError(error)
}

/** Somebody named as a participant: PARTICIPANT_ID_INVALID for what is no account. */
export async function participant(ctx: Ctx, input: tl.InputPeer): Promise<UserRef> {
  const peer = await access.peer(ctx, input)
  // @TODO channels that speak in a group can be banned, too: ends with the reports' folder.
  if (peer.kind !== 'user') throw new RpcError('PARTICIPANT_ID_INVALID')
  return peer
}

/** What a change of a channel answers: what was said of it, and that it has changed. */
export function changed(ctx: Ctx, updates: tl.Update[], sent: readonly Sent[] = []): Promise<tl.updates> {
  return sentUpdates(ctx, sent, updates)
}

/** Channels as a list, complete with nothing else. */
export function chats(ctx: Ctx, list: tl.Chat[]): Promise<tl.messages_chats> {
  void ctx
  return Promise.resolve({ _: 'messages.chats', chats: list })
}

export { complete }
