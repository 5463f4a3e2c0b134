import type { ChannelRef } from '../../domain/access.ts'
import { lockChannel, logEvent, tellAll } from '../../domain/channel-members.ts'
import { mayHaveOneMorePublic } from '../../domain/channel-named.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { putUsername, usernameRows } from '../../domain/usernames.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Usernames one channel can have switched on. */
const ACTIVE = 10

const active = (rows: Awaited<ReturnType<typeof usernameRows>>) => rows.filter((row) => row.active === 1)

async function noted(tx: Tx, channel: ChannelRef, before: string[]): Promise<void> {
  const after = active(await usernameRows(tx, channel.peer)).map((row) => row.shown)
  if (after.length > 0 && channel.row.hidden_prehistory === 1) {
    // Everybody reads what is public.
    await setChannel(tx, channel, { hidden_prehistory: 0 })
    const action = { _: 'channelAdminLogEventActionTogglePreHistoryHidden' as const, newValue: false }
    await logEvent(tx, channel.id, 'settings', action)
  }
  const simple = before.length <= 1 && after.length <= 1
  const [prevValue = '', newValue = ''] = [before[0], after[0]]
  await logEvent(
    tx,
    channel.id,
    'info',
    simple
      ? { _: 'channelAdminLogEventActionChangeUsername', prevValue, newValue }
      : { _: 'channelAdminLogEventActionChangeUsernames', prevValue: before, newValue: after },
    [...before, ...after].join(' '),
  )
  await tellAll(tx, channel.id)
}

/**
 * Gives a channel this name in place of the one its creator chose before; '' for none. USERNAME_OCCUPIED,
 * USERNAME_NOT_MODIFIED. https://core.telegram.org/method/channels.updateUsername
 */
export async function renameChannel(tx: Tx, named: ChannelRef, shown: string): Promise<void> {
  const channel = await lockChannel(tx, named.id)
  mustCreate(channel)
  const owner = channel.peer
  const rows = await usernameRows(tx, owner)
  if (shown !== '' && active(rows).length === 0) await mayHaveOneMorePublic(tx, { channel })
  const were = active(rows).map((row) => row.shown)
  await putUsername(tx, owner, rows, shown)
  await noted(tx, channel, were)
}

/** Switches one of a channel's names on or off; USERNAME_INVALID for what is not its own. */
export async function toggleName(tx: Tx, named: ChannelRef, username: string, on: boolean): Promise<void> {
  const channel = await lockChannel(tx, named.id)
  mustCreate(channel)
  const rows = await usernameRows(tx, channel.peer)
  const row = rows.find((one) => one.name === username.toLowerCase())
  if (!row) throw new RpcError('USERNAME_INVALID')
  if ((row.active === 1) === on) throw new RpcError('USERNAME_NOT_MODIFIED')
  const were = active(rows)
  if (on && were.length === 0) await mayHaveOneMorePublic(tx, { channel })
  if (on && were.length >= ACTIVE) throw new RpcError('USERNAMES_ACTIVE_TOO_MUCH')
  const position = on ? Math.max(-1, ...were.map((one) => one.position)) + 1 : row.position
  await tx.trx
    .updateTable('username')
    .set({ active: on ? 1 : 0, position })
    .where('name', '=', row.name)
    .execute()
  await noted(
    tx,
    channel,
    were.map((one) => one.shown),
  )
}

/** Puts a channel's active names into an order that has each of them once; CHAT_NOT_MODIFIED for any other. */
export async function reorderNames(tx: Tx, named: ChannelRef, order: readonly string[]): Promise<void> {
  const channel = await lockChannel(tx, named.id)
  mustCreate(channel)
  const on = active(await usernameRows(tx, channel.peer))
  const names = on.map((row) => row.name)
  const wanted = order.map((name) => name.toLowerCase())
  const whole = wanted.length === names.length && new Set(wanted).size === names.length
  if (!whole || !names.every((name) => wanted.includes(name)) || wanted.every((name, i) => name === names[i])) {
    throw new RpcError('CHAT_NOT_MODIFIED')
  }
  for (const [position, name] of wanted.entries()) {
    await tx.trx.updateTable('username').set({ position }).where('name', '=', name).execute()
  }
  await noted(
    tx,
    channel,
    on.map((row) => row.shown),
  )
}

/** Switches off every name that the creator did not choose, and takes away the one they did. */
export async function dropNames(tx: Tx, named: ChannelRef): Promise<void> {
  const channel = await lockChannel(tx, named.id)
  mustCreate(channel)
  const were = active(await usernameRows(tx, channel.peer))
  if (were.length === 0) return
  await tx.trx.deleteFrom('username').where('owner', '=', channel.peer).where('editable', '=', 1).execute()
  await tx.trx.updateTable('username').set({ active: 0 }).where('owner', '=', channel.peer).execute()
  await noted(
    tx,
    channel,
    were.map((row) => row.shown),
  )
}
