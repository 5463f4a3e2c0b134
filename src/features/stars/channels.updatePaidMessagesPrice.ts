import { access, type ChannelRef } from '../../domain/access.ts'
import { announceIn, lockChannel, tellAll } from '../../domain/channel-members.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { viewChannels } from '../../domain/channels.ts'
import { openMonoforum } from '../../domain/direct-messages.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** The most that a message may cost, Telegram Stars. https://core.telegram.org/api/config#stars-paid-message-amount-max */
const MOST = 10_000n

export default method(
  'channels.updatePaidMessagesPrice',
  (ctx, req) => {
    const { sendPaidMessagesStars: stars, broadcastMessagesAllowed: allowed = false } = req
    if (stars < 0n || stars > MOST) throw new RpcError('STARS_AMOUNT_INVALID')
    return ctx.transact(async (tx) => {
      const { id } = await access.channel(tx, req.channel)
      const channel = await lockChannel(tx, id)
      if (channel.row.monoforum === 1) throw new RpcError('CHANNEL_MONOFORUM_UNSUPPORTED')
      mustInChannel(tx, channel, 'changeInfo')
      if (channel.row.megagroup === 1) await priceGroup(tx, channel, Number(stars))
      else await priceDirect(tx, channel, allowed, Number(stars))
      const update = await tellAll(tx, id)
      const action: tl.MessageAction = {
        _: 'messageActionPaidMessagesPrice',
        broadcastMessagesAllowed: (channel.row.megagroup === 0 && allowed) || undefined,
        stars,
      }
      const sent = await announceIn(tx, access.me(tx), id, { action })
      const answer = await sentUpdates(tx, [sent], [update])
      const direct = (await lockChannel(tx, id)).row.monoforum_link
      if (direct !== null) answer.chats.push(...(await viewChannels(tx, [direct])))
      return answer
    })
  },
  { flood: 'write' },
)

async function priceGroup(tx: Tx, group: ChannelRef, paid_stars: number): Promise<void> {
  if (group.row.paid_stars === paid_stars) throw new RpcError('CHAT_NOT_MODIFIED')
  await setChannel(tx, group, { paid_stars })
}

/** Direct messages are opened, closed, or cost otherwise; what was said in them stays. */
async function priceDirect(tx: Tx, channel: ChannelRef, allowed: boolean, stars: number): Promise<void> {
  const set = { direct_messages: allowed ? 1 : 0, paid_stars: allowed ? stars : 0 }
  const { row } = channel
  if (row.direct_messages === set.direct_messages && row.paid_stars === set.paid_stars) {
    throw new RpcError('CHAT_NOT_MODIFIED')
  }
  if (allowed || row.monoforum_link !== null) {
    const monoforum = await lockChannel(tx, await openMonoforum(tx, channel))
    await setChannel(tx, monoforum, set)
    await tellAll(tx, monoforum.id)
  }
  await setChannel(tx, channel, set)
}
