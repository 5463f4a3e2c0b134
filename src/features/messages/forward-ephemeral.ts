import type { PeerRef } from '../../domain/access.ts'
import { contentOf, type EphemeralRow, ephemeralMessage } from '../../domain/ephemeral.ts'
import { forwardHeader } from '../../domain/forward-header.ts'
import { mayForwardFrom } from '../../domain/rights.ts'
import type { NewMessage } from '../../domain/send.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/**
 * Copies of what only the caller and one other see in a group, for everybody somewhere else. MESSAGE_ID_INVALID,
 * CHAT_FORWARDS_RESTRICTED where the group, or who said it, does not want that.
 */
export async function forwardedEphemeral(
  ctx: Ctx,
  from: PeerRef,
  named: readonly { id: number; randomId: bigint }[],
  dropAuthor: boolean,
): Promise<NewMessage[]> {
  if (from.kind === 'user') throw new RpcError('PEER_ID_INVALID')
  const contents: NewMessage[] = []
  for (const { id, randomId } of named) {
    const row = await ephemeralMessage(ctx, from.peer, id)
    if (row.noforwards === 1 || !(await mayForwardFrom(ctx, from))) throw new RpcError('CHAT_FORWARDS_RESTRICTED')
    const { text, entities, media, invertMedia } = contentOf(row)
    contents.push({
      text,
      entities,
      media,
      invertMedia,
      randomId,
      fwd: dropAuthor ? undefined : await header(ctx, row),
    })
  }
  return contents
}

function header(ctx: Ctx, { id, peer, from_id, date }: EphemeralRow) {
  return forwardHeader(ctx, { owner: ctx.userId, id, peer, from_id, date, out: 0, fwd: null, post_author: null })
}
