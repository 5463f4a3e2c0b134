import { answerOf, askBot } from '../../domain/callback-queries.ts'
import { contentOf, ephemeralMessage, viewEphemeral } from '../../domain/ephemeral.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { group } from './places.ts'

/** A button under a bot's ephemeral message is pressed: the bot is asked, and has some seconds to answer. */
export default method(
  'ephemeral.getCallbackAnswer',
  async (ctx, req) => {
    const peer = await group(ctx, req.peer)
    const row = await ephemeralMessage(ctx, peer.peer, req.id)
    if (row.receiver !== ctx.userId || row.from_id < 0) throw new RpcError('MESSAGE_ID_INVALID')
    const data = Buffer.from(req.data ?? [])
    if (!hasButton(contentOf(row).markup, data)) throw new RpcError('DATA_INVALID')
    const id = await ctx.transact(async (tx) => {
      const query = await askBot(tx, { bot: row.from_id, peer: peer.peer, messageId: row.id })
      const update: tl.Update = {
        _: 'updateEphemeralBotCallbackQuery',
        queryId: BigInt(query),
        userId: tx.userId,
        peer: toPeer(peer.peer),
        msgId: row.id,
        data,
        // The bot may look at its own message, without files that are addressed to another.
        message: { ...viewEphemeral(tx, { ...row, media: null }), out: true },
      }
      await tx.publish(row.from_id, { kind: 'update', update })
      return query
    })
    return answerOf(ctx, id)
  },
  { flood: 'write' },
)

function hasButton(markup: tl.ReplyMarkup | undefined, data: Buffer): boolean {
  if (markup?._ !== 'replyInlineMarkup') return false
  const buttons = markup.rows.flatMap((row) => row.buttons)
  return buttons.some(({ type }) => type._ === 'inlineButtonTypeCallback' && data.equals(type.data))
}
