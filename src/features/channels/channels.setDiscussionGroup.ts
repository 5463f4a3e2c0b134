import { access, type ChannelRef } from '../../domain/access.ts'
import { lockChannel, logEvent, tellAll } from '../../domain/channel-members.ts'
import { hasRight, isCreator } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.setDiscussionGroup',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const broadcast = await named(tx, req.broadcast)
      const group = await named(tx, req.group)
      if (!broadcast && !group) throw new RpcError('CHANNEL_INVALID')
      if (broadcast && broadcast.row.megagroup === 1) throw new RpcError('BROADCAST_ID_INVALID')
      if (group && (group.row.megagroup === 0 || group.row.forum === 1)) throw new RpcError('MEGAGROUP_ID_INVALID')
      if (broadcast && !hasRight(broadcast, 'changeInfo')) throw new RpcError('CHAT_ADMIN_REQUIRED')
      if (group && !(isCreator(group.member) || hasRight(group, 'pinMessages')))
        throw new RpcError('CHAT_ADMIN_REQUIRED')
      if (group && broadcast && group.row.hidden_prehistory === 1) throw new RpcError('MEGAGROUP_PREHISTORY_HIDDEN')
      const same = (broadcast?.row.linked ?? null) === (group?.id ?? null)
      if (same && (group?.row.linked ?? null) === (broadcast?.id ?? null)) throw new RpcError('LINK_NOT_MODIFIED')
      for (const one of [broadcast, group]) if (one?.row.linked) await unlink(tx, one.row.linked)
      if (broadcast) await link(tx, broadcast, group?.id ?? null)
      if (group) await link(tx, group, broadcast?.id ?? null)
      return true
    }),
  { flood: 'write' },
)

async function named(tx: Tx, input: tl.InputChannel): Promise<ChannelRef | undefined> {
  if (input._ === 'inputChannelEmpty') return undefined
  return lockChannel(tx, (await access.channel(tx, input)).id)
}

async function unlink(tx: Tx, id: number): Promise<void> {
  await link(tx, await lockChannel(tx, id), null)
}

async function link(tx: Tx, channel: ChannelRef, to: number | null): Promise<void> {
  if (channel.row.linked === to) return
  await setChannel(tx, channel, { linked: to })
  const [prevValue, newValue] = [channel.row.linked ?? 0, to ?? 0]
  await logEvent(tx, channel.id, 'settings', { _: 'channelAdminLogEventActionChangeLinkedChat', prevValue, newValue })
  await tellAll(tx, channel.id)
}
