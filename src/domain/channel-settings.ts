import type { Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import type { ChannelRef } from './access.ts'
import { logEvent, tellAll } from './channel-members.ts'
import { mustCreate, mustInChannel } from './channel-rights.ts'
import type { ChannelRow } from './channel-rows.ts'
import { toPeer } from './peers.ts'

/** Changes a channel's own columns; its version counts on. */
export async function setChannel(
  tx: Tx,
  channel: ChannelRef,
  set: Partial<Omit<ChannelRow, 'id' | 'version'>>,
): Promise<void> {
  await tx.trx
    .updateTable('channel')
    .set((eb) => ({ ...set, version: eb('version', '+', 1) }))
    .where('id', '=', channel.id)
    .execute()
}

/** Switches one of a channel's settings, tells everybody and notes it. CHAT_NOT_MODIFIED. */
export async function toggle(
  tx: Tx,
  channel: ChannelRef,
  column:
    | 'hidden_prehistory'
    | 'participants_hidden'
    | 'noforwards'
    | 'join_to_send'
    | 'join_request'
    | 'signatures'
    | 'antispam'
    | 'autotranslation'
    | 'no_sponsored',
  on: boolean,
  action?: tl.ChannelAdminLogEventAction,
): Promise<tl.Update> {
  if (channel.row[column] === (on ? 1 : 0)) throw new RpcError('CHAT_NOT_MODIFIED')
  await setChannel(tx, channel, { [column]: on ? 1 : 0 })
  if (action) await logEvent(tx, channel.id, 'settings', action)
  return tellAll(tx, channel.id)
}

/** Turns a channel's content protection on or off: its creator may. */
export async function protectChannel(tx: Tx, channel: ChannelRef, enabled: boolean): Promise<tl.Update> {
  mustCreate(channel)
  const action: tl.ChannelAdminLogEventAction = { _: 'channelAdminLogEventActionToggleNoForwards', newValue: enabled }
  return toggle(tx, channel, 'noforwards', enabled, action)
}

/** Sets how long messages of a channel live. https://core.telegram.org/api/auto-delete-messages */
export async function setChannelTtl(tx: Tx, channel: ChannelRef, ttl: number): Promise<tl.Update | undefined> {
  mustInChannel(tx, channel, 'changeInfo')
  if (channel.row.ttl === ttl) return undefined
  await setChannel(tx, channel, { ttl })
  const prevValue = channel.row.ttl
  await logEvent(tx, channel.id, 'settings', {
    _: 'channelAdminLogEventActionChangeHistoryTTL',
    prevValue,
    newValue: ttl,
  })
  const update: tl.Update = { _: 'updatePeerHistoryTTL', peer: toPeer(channel.peer), ttlPeriod: ttl || undefined }
  await tx.publish(channel.peer, { kind: 'update', update })
  return update
}
