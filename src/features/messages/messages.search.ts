import { access } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { reactionKey } from '../../domain/reactions.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { COUNTED, countFound, prepareSearch, type Search, searchIn, searchSource } from './search-messages.ts'

export default method(
  'messages.search',
  async (ctx, req) => {
    const at = req.peer._ === 'inputPeerEmpty' ? undefined : await access.peer(ctx, req.peer)
    const search: Search = {
      ...(at && searchIn(at, req.topMsgId)),
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

async function author(ctx: Ctx, input: tl.InputPeer): Promise<number> {
  const peer = await access.peer(ctx, input)
  if (peer.kind === 'chat') throw new RpcError('FROM_PEER_INVALID')
  return peer.peer
}
