import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { checksFactsFor, setFactCheck } from '../../domain/fact-checks.ts'
import { editUpdate } from '../../domain/message-facts.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { isPost, MEDIA_KIND } from '../../domain/message-view.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** Kinds of posts of which nothing can be checked. */
const MUTE = MEDIA_KIND.voice | MEDIA_KIND.roundVideo | MEDIA_KIND.poll | MEDIA_KIND.sticker | MEDIA_KIND.geo

/**
 * Says what was found out about a channel's post, or (undefined) takes that back; everybody there sees it.
 * CHAT_ACTION_FORBIDDEN for whom the operator has not made a checker, PEER_ID_INVALID out of channels.
 * https://core.telegram.org/api/factcheck
 */
export async function editFactCheck(
  ctx: Ctx,
  req: { peer: tl.InputPeer; msgId: number },
  text: tl.textWithEntities | undefined,
): Promise<tl.updates> {
  const country = await checksFactsFor(ctx, ctx.userId)
  if (country === undefined) throw new RpcError('CHAT_ACTION_FORBIDDEN')
  return ctx.transact(async (tx) => {
    const peer = await access.peer(tx, req.peer)
    if (peer.kind !== 'channel' || peer.row.megagroup === 1) throw new RpcError('PEER_ID_INVALID')
    await lockBoxes(tx, [peer.peer])
    const { row } = await access.message(tx, peer, req.msgId)
    if (!isPost(row) || row.action || (row.media_kind & MUTE) !== 0) throw new RpcError('MESSAGE_ID_INVALID')
    await setFactCheck(tx, row, text && { text, country })
    const published = await tx.publish(peer.peer, { kind: 'editMessage', ref: row.id })
    const after = (await messageRow(tx, peer.peer, row.id))!
    const [message] = await viewMessages(tx, [after])
    return asUpdates(tx, [editUpdate(peer.peer, message!, published)])
  })
}
