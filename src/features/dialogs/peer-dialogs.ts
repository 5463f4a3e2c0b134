import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { dialogList, FOLDER, type ShownDialog, viewArchive, viewDialogs } from '../../domain/dialogs.ts'
import { messageRows } from '../../domain/message-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boxState } from '../../updates/log.ts'
import { sessionQts } from '../../updates/secret-queue.ts'

/**
 * Some dialogs, and the state of the account's box that they show. The archive stands at `archiveAt` where it is asked
 * for; `place` puts communities among them.
 */
export async function peerDialogs(
  ctx: Ctx,
  rows: readonly ShownDialog[],
  archiveAt?: number,
  place: (dialogs: tl.Dialog[]) => Promise<tl.Dialog[]> = async (dialogs) => dialogs,
): Promise<tl.messages_peerDialogs> {
  // The state is read first: what changes in between is told again by the difference.
  const { pts, ...box } = await boxState(ctx, ctx.userId)
  const qts = await sessionQts(ctx, box)
  const { dialogs: shown, messages } = await viewDialogs(ctx, rows)
  const dialogs = await place(shown)
  if (archiveAt !== undefined) {
    const archive = await viewArchive(ctx, (await dialogList(ctx)).archive_rank > 0)
    if (archive) {
      dialogs.splice(archiveAt, 0, archive.dialog)
      if (!messages.some((m) => m.id === archive.top)) {
        const top = await messageRows(ctx, ctx.userId, [archive.top])
        messages.push(...(await viewMessages(ctx, top)))
      }
    }
  }
  const state: tl.updates_State = {
    _: 'updates.state',
    pts,
    qts,
    date: ctx.now,
    seq: 0,
    unreadCount: await unread(ctx),
  }
  return complete(ctx, { _: 'messages.peerDialogs', dialogs, messages, users: [], chats: [], state })
}

async function unread(ctx: Ctx): Promise<number> {
  const row = await ctx.db
    .selectFrom('dialog')
    .select((eb) => eb.fn.sum<number | null>('unread').as('unread'))
    .where('owner', '=', ctx.userId)
    .where('folder', '=', FOLDER.main)
    .executeTakeFirst()
  return Number(row?.unread ?? 0)
}
