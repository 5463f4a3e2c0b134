import { access, boxOf, type PeerRef, seesIn } from '../../domain/access.ts'
import { countForwards } from '../../domain/channel-messages.ts'
import { isSlowed, keptFrom } from '../../domain/channel-rights.ts'
import { mayInChat } from '../../domain/chat-rights.ts'
import { placeForwards } from '../../domain/forward-places.ts'
import { mayPlacePoll } from '../../domain/make-poll.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { outgoing, sendOut } from '../../domain/outgoing.ts'
import { mayForwardFrom, maySend, sendActions } from '../../domain/rights.ts'
import type { NewMessage } from '../../domain/send.ts'
import { mayEmbed } from '../../domain/web/previews.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { forwarded } from './forward.ts'
import { forwardedEphemeral } from './forward-ephemeral.ts'

export default method(
  'messages.forwardMessages',
  async (ctx, req) => {
    if (req.id.length === 0) throw new RpcError('MESSAGE_IDS_EMPTY')
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    if (req.id.length !== req.randomId.length || req.randomId.includes(0n)) throw new RpcError('RANDOM_ID_INVALID')
    if (new Set(req.randomId).size < req.randomId.length) throw new RpcError('RANDOM_ID_DUPLICATE')
    const from = await access.peer(ctx, req.fromPeer)
    const topic = req.topMsgId ? { _: 'inputReplyToMessage' as const, replyToMsgId: req.topMsgId } : undefined
    const out = await outgoing(
      ctx,
      { ...req, peer: req.toPeer, replyTo: req.replyTo ?? topic },
      'MESSAGE_ID_INVALID',
      req.id.length,
    )
    if (req.fromEphemeral) {
      const named = req.id.map((id, i) => ({ id, randomId: req.randomId[i]! }))
      const contents = await forwardedEphemeral(ctx, from, named, req.dropAuthor === true)
      await maySend(ctx, out.peer, new Set(contents.flatMap((c) => sendActions(c.media))))
      return sendOut(ctx, out, contents)
    }
    const rows = new Map((await messageRows(ctx, boxOf(ctx, from), [...new Set(req.id)])).map((row) => [row.id, row]))
    const messages = req.id.flatMap((id, i) => {
      const row = rows.get(id)
      if (row && from.kind === 'channel' && !seesIn(from, row)) return []
      return row?.peer === from.peer ? [{ row, randomId: req.randomId[i]! }] : []
    })
    if (messages.length === 0) throw new RpcError('MESSAGE_ID_INVALID')
    if (messages.some((m) => m.row.noforwards) || !(await mayForwardFrom(ctx, from))) {
      throw new RpcError('CHAT_FORWARDS_RESTRICTED')
    }
    const dropCaptions = req.dropMediaCaptions === true
    const dropAuthor = req.dropAuthor === true || dropCaptions
    const options = { dropAuthor, dropCaptions, videoTimestamp: req.videoTimestamp }
    const contents = await forwarded(ctx, from, out.peer, messages, options)
    const slowed = out.peer.kind === 'channel' && isSlowed(out.peer) && !out.schedule
    if (slowed && !isOneAlbum(contents)) throw new RpcError('SLOWMODE_MULTI_MSGS_DISABLED')
    for (const { media } of contents) mayPlacePoll(out.peer, media)
    await maySend(ctx, out.peer, new Set(contents.flatMap((c) => sendActions(c.media))))
    mayCarry(ctx, out.peer, contents)
    const answer = await sendOut(ctx, out, contents)
    if (from.kind === 'channel' && !out.schedule) {
      await ctx.transact((tx) =>
        countForwards(
          tx,
          from,
          messages.map((m) => m.row.id),
        ),
      )
    }
    if (out.peer.kind === 'channel' && !out.schedule) await placeForwards(ctx, out.peer.peer, answer)
    return answer
  },
  { flood: 'send' },
)

const isOneAlbum = ([first, ...others]: readonly NewMessage[]): boolean =>
  others.every(({ groupedId }) => groupedId !== undefined && groupedId === first?.groupedId)

/** What a message has beside its text and media, and groups can keep their members from: previews, and what bots made. */
function mayCarry(ctx: Ctx, peer: PeerRef, contents: readonly NewMessage[]): void {
  const page = contents.some((c) => c.media?._ === 'messageMediaWebPage')
  if (page && !mayEmbed(ctx, peer)) throw new RpcError('CHAT_SEND_WEBPAGE_FORBIDDEN')
  if (!contents.some((c) => c.viaBot !== undefined) || peer.kind === 'user') return
  const may = peer.kind === 'chat' ? mayInChat(peer, 'sendInline') : keptFrom(ctx, peer, 'sendInline') === undefined
  if (!may) throw new RpcError('CHAT_SEND_INLINE_FORBIDDEN')
}
