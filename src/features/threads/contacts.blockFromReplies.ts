import { access, ownUser } from '../../domain/access.ts'
import { block } from '../../domain/blocks.ts'
import { deletion } from '../../domain/message-facts.ts'
import { type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { fromPeer } from '../../domain/peers.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import { REPLIES_ACCOUNT } from '../../domain/replies-account.ts'
import { fileReport } from '../../domain/reports.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { lockBoxes } from '../../updates/log.ts'

/** Messages looked through for those of one author. */
const LOOKED_AT = 1000

export default method(
  'contacts.blockFromReplies',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await lockBoxes(tx, [tx.userId])
      const row = await messageRow(tx, tx.userId, req.msgId)
      const author = row?.peer === REPLIES_ACCOUNT ? authorOf(row) : undefined
      if (!row || author === undefined) throw new RpcError('MSG_ID_INVALID')
      const updates: tl.Update[] = []
      const blocked = await block(tx, author, true, false)
      if (blocked) updates.push(blocked)
      if (req.reportSpam) {
        const message = await access.message(tx, await ownUser(tx, REPLIES_ACCOUNT), row.id)
        await fileReport(tx, { kind: 'spam', peer: author, messages: [message] })
      }
      const gone = req.deleteHistory ? await saidBy(tx, author) : req.deleteMessage ? [row] : []
      if (gone.length > 0) {
        const published = (await removeMessages(tx, new Map([[tx.userId, gone]]))).get(tx.userId)!
        const ids = gone.map((one) => one.id)
        updates.push(deletion(tx.userId, ids, published))
      }
      return asUpdates(tx, updates)
    }),
  { flood: 'write' },
)

/** Marked id of whose answer a message of @replies is. */
function authorOf(row: MessageRow): number | undefined {
  const from = row.fwd ? (readObject(row.fwd) as tl.MessageFwdHeader).fromId : undefined
  return from && fromPeer(from)
}

async function saidBy(tx: Tx, author: number): Promise<MessageRow[]> {
  const rows = await tx.trx
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', tx.userId)
    .where('peer', '=', REPLIES_ACCOUNT)
    .orderBy('id', 'desc')
    .limit(LOOKED_AT)
    .execute()
  return rows.filter((row) => authorOf(row) === author)
}
