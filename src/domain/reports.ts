import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type { Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, type MessageRef, type PeerRef } from './access.ts'
import { wordsOf } from './message-view.ts'

export type ReportRow = Selectable<Tables['report']>

/** Characters kept of a comment, and of the message that was reported. */
const COMMENT = 1024
const EXCERPT = 256

export interface Report {
  kind: 'spam' | 'messages' | 'peer' | 'photo' | 'secret' | 'member' | 'antispam' | 'ad' | 'ephemeral'
  /** Marked id. */
  peer: number
  reason?: string
  comment?: string
  messages?: readonly MessageRef[]
  /** What is not messages: a photo, a secret chat. */
  id?: number | bigint
}

/** Keeps a report for the operator. Nobody else learns of it. */
export async function fileReport(tx: Tx, report: Report): Promise<void> {
  const { kind, peer, reason = '', comment = '', messages = [], id } = report
  const excerpt = messages.map((m) => wordsOf(m.row)).find((text) => text !== '') ?? ''
  const row = { comment: cut(comment, COMMENT), excerpt: cut(excerpt, EXCERPT), date: tx.now }
  const ids = id === undefined ? messages.map((m) => m.id).join(',') : String(id)
  await tx.trx
    .insertInto('report')
    .values({ reporter: tx.userId, kind, peer, reason, ids, ...row })
    .onConflict((c) => c.columns(['reporter', 'kind', 'peer', 'reason', 'ids']).doUpdateSet(row))
    .execute()
}

const cut = (text: string, length: number) => text.trim().slice(0, length).toWellFormed()

/** The end of a reason's name: `Spam`, `ChildAbuse`. https://core.telegram.org/type/ReportReason */
export function reasonName(reason: tl.ReportReason): string {
  return reason._.slice('inputReportReason'.length)
}

/** Messages that a client reports: MESSAGE_ID_INVALID where one is not in that chat, or there are too many or none. */
export async function reportedMessages(ctx: Ctx, peer: PeerRef, ids: readonly number[]): Promise<MessageRef[]> {
  const wanted = [...new Set(ids)].sort((a, b) => a - b)
  if (wanted.length === 0 || wanted.length > ctx.app.config.limits.messagesPerCall) {
    throw new RpcError('MESSAGE_ID_INVALID')
  }
  const found: MessageRef[] = []
  for (const id of wanted) found.push(await access.message(ctx, peer, id))
  return found
}

/** Every report, the oldest first, by parts: `after` is the last one seen. */
export async function reports(ctx: Ctx, after: ReportRow | undefined, limit: number): Promise<ReportRow[]> {
  return ctx.db
    .selectFrom('report')
    .selectAll()
    .$if(after !== undefined, (q) =>
      q.where((eb) =>
        eb.or([
          eb('date', '>', after!.date),
          eb.and([
            eb('date', '=', after!.date),
            eb(
              eb.refTuple('reporter', 'kind', 'peer', 'reason', 'ids'),
              '>',
              eb.tuple(after!.reporter, after!.kind, after!.peer, after!.reason, after!.ids),
            ),
          ]),
        ]),
      ),
    )
    .orderBy('date')
    .orderBy('reporter')
    .orderBy('kind')
    .orderBy('peer')
    .orderBy('reason')
    .orderBy('ids')
    .limit(limit)
    .execute()
}
