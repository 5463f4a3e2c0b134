import { access, asInputChannel, type ChannelRef } from '../../domain/access.ts'
import { isIn } from '../../domain/channel-rights.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { reactionKey } from '../../domain/reactions.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { COUNTED, countFound, prepareSearch, type Search, searchIn, searchSource } from './search-messages.ts'

export default method(
  'messages.search',
  async (ctx, req) => {
    const left = ctx.takeout && (await ownInLeft(ctx, req))
    const at = left ?? (req.peer._ === 'inputPeerEmpty' ? undefined : await access.peer(ctx, req.peer))
    const search: Search = {
      ...(at && searchIn(at, req.topMsgId)),
      ...(left && { first: left.row.cleared_to + 1 }),
      text: req.q.trim(),
      filter: req.filter,
      from: req.fromId && (await author(ctx, req.fromId)),
      savedPeer: req.savedPeerId && (await access.peer(ctx, req.savedPeerId)).peer,
      tags: req.savedReaction?.map((reaction) => reactionKey(reaction) ?? ''),
      minDate: req.minDate,
      maxDate: req.maxDate,
    }
    const complete = await prepareSearch(ctx, search)
    const channel = at?.kind === 'channel' ? at : undefined
    const rows = await readPage(req, searchSource(ctx, search, req))
    const count = await countFound(ctx, search)
    const offsetIdOffset = req.offsetId > 0 ? await countFound(ctx, search, req.offsetId) : undefined
    return answerMessages(ctx, rows, {
      count,
      offsetIdOffset,
      hash: req.hash,
      inexact: !complete || count >= COUNTED,
      channel,
    })
  },
  { flood: 'search' },
)

/**
 * A channel that the caller was in and is not any more, where who takes their data out finds what they said themselves,
 * and nothing else; undefined for every other search. https://core.telegram.org/api/takeout
 */
async function ownInLeft(ctx: Ctx, { peer, fromId }: Params<'messages.search'>): Promise<ChannelRef | undefined> {
  if (peer._ !== 'inputPeerChannel' || !fromId || (await author(ctx, fromId)) !== ctx.userId) return undefined
  const channel = await access.namedChannel(ctx, asInputChannel(peer))
  const was = channel.member !== undefined && !isIn(channel.member)
  return was && channel.row.deleted === 0 ? channel : undefined
}

async function author(ctx: Ctx, input: tl.InputPeer): Promise<number> {
  const peer = await access.peer(ctx, input)
  if (peer.kind === 'chat') throw new RpcError('FROM_PEER_INVALID')
  return peer.peer
}
