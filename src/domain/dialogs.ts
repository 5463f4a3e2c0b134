import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { type DialogRow, messageRows } from './message-rows.ts'
import { viewMessage } from './message-view.ts'
import { mutedAmong, notifySettingsOf } from './notify.ts'
import { kindOf, toPeer } from './peers.ts'

/** Peer folders: the list of chats, and the archive. https://core.telegram.org/api/folders#peer-folders */
export const FOLDER = { main: 0, archive: 1 } as const

/** Where the archive stands among the pinned dialogs as long as nobody has moved it: above them. */
export const ARCHIVE_TOP = 1_000_000_000

/** FOLDER_ID_INVALID for what is no peer folder. */
export function checkFolder(id: number): number {
  if (id !== FOLDER.main && id !== FOLDER.archive) throw new RpcError('FOLDER_ID_INVALID')
  return id
}

/**
 * Dialogs that are in the list: those with a message. A draft alone does not make one: clients put such dialogs up by
 * themselves, out of messages.getAllDrafts, and refuse a listed dialog without a message.
 */
export function listed(db: Kysely<Tables>, owner: number): SelectQueryBuilder<Tables, 'dialog', object> {
  return db.selectFrom('dialog').where('owner', '=', owner).where('hidden', '=', 0).where('top_message', '>', 0)
}

/** Pinned dialogs of a folder, from the top. */
export function pinnedDialogs(ctx: Ctx, folder: number): Promise<DialogRow[]> {
  return listed(ctx.db, ctx.userId)
    .selectAll()
    .where('folder', '=', folder)
    .where('pinned', '>', 0)
    .orderBy('pinned', 'desc')
    .execute()
}

const chatTtls = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('chat')
    .select(['id', 'ttl'])
    .where('id', 'in', d.each(p.ids) as never)
    .where('ttl', '>', 0),
)

/** How long messages live in each of these dialogs, seconds; those without a limit are missing. */
async function ttlsOf(ctx: Ctx, rows: readonly ShownDialog[]): Promise<Map<number, number>> {
  const ttls = new Map(rows.filter((r) => r.ttl > 0).map((r) => [r.peer, r.ttl]))
  const ids = rows.filter((r) => kindOf(r.peer) === 'chat').map((r) => -r.peer)
  if (ids.length > 0) for (const row of await ctx.run(chatTtls, { ids })) ttls.set(-row.id, row.ttl)
  return ttls
}

/** What of a dialog's row shows. */
export type ShownDialog = Pick<
  DialogRow,
  | 'peer'
  | 'top_message'
  | 'read_inbox'
  | 'read_outbox'
  | 'unread'
  | 'unread_mentions'
  | 'unread_reactions'
  | 'unread_mark'
  | 'pinned'
  | 'folder'
  | 'draft'
  | 'ttl'
  | 'hidden'
>

/** A dialog that the account does not have: nothing was said there. */
export function emptyDialog(peer: number): ShownDialog {
  const nothing = {
    top_message: 0,
    read_inbox: 0,
    read_outbox: 0,
    pinned: 0,
    folder: 0,
    draft: null,
    ttl: 0,
    hidden: 0,
  }
  return { peer, ...nothing, unread: 0, unread_mentions: 0, unread_reactions: 0, unread_mark: 0 }
}

/** Dialogs and their newest messages, as their owner sees them. https://core.telegram.org/constructor/dialog */
export async function viewDialogs(
  ctx: Ctx,
  rows: readonly ShownDialog[],
): Promise<{ dialogs: tl.Dialog[]; messages: tl.Message[] }> {
  const settings = await notifySettingsOf(
    ctx,
    ctx.userId,
    rows.map((r) => r.peer),
  )
  const ttls = await ttlsOf(ctx, rows)
  const tops = rows.filter((r) => r.hidden === 0 && r.top_message > 0).map((r) => r.top_message)
  const messages = await messageRows(ctx, ctx.userId, tops)
  return {
    dialogs: rows.map((row) => viewDialog(row, settings.get(row.peer)!, ttls.get(row.peer))),
    messages: messages.map((row) => viewMessage(ctx, row)),
  }
}

function viewDialog(row: ShownDialog, notifySettings: tl.PeerNotifySettings, ttl: number | undefined): tl.dialog {
  return {
    _: 'dialog',
    pinned: row.pinned > 0 || undefined,
    unreadMark: row.unread_mark === 1 || undefined,
    peer: toPeer(row.peer),
    topMessage: row.hidden === 0 ? row.top_message : 0,
    readInboxMaxId: row.read_inbox,
    readOutboxMaxId: row.read_outbox,
    unreadCount: row.unread,
    unreadMentionsCount: row.unread_mentions,
    unreadReactionsCount: row.unread_reactions,
    unreadPollVotesCount: 0,
    notifySettings,
    draft: row.draft ? (readObject(row.draft) as tl.DraftMessage) : undefined,
    folderId: row.folder || undefined,
    ttlPeriod: ttl,
  }
}

/** What an account has set about its list of dialogs. */
export async function dialogList(ctx: Ctx): Promise<{ archive_rank: number; tags: number }> {
  const row = await ctx.db
    .selectFrom('dialog_list')
    .select(['archive_rank', 'tags'])
    .where('owner', '=', ctx.userId)
    .executeTakeFirst()
  return row ?? { archive_rank: ARCHIVE_TOP, tags: 0 }
}

/**
 * The archive as an entry of the list: its newest dialog, and how much in it is unread; undefined while it is empty.
 * https://core.telegram.org/constructor/dialogFolder
 */
export async function viewArchive(
  ctx: Ctx,
  pinned: boolean,
): Promise<{ dialog: tl.dialogFolder; top: number } | undefined> {
  const archived = listed(ctx.db, ctx.userId).where('folder', '=', FOLDER.archive)
  const top = await archived
    .select(['peer', 'top_message'])
    .orderBy('top_date', 'desc')
    .orderBy('top_message', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!top) return undefined
  const unread = await archived
    .select(['peer', 'unread', 'unread_mark'])
    .where((eb) => eb.or([eb('unread', '>', 0), eb('unread_mark', '=', 1)]))
    .execute()
  const muted = await mutedAmong(
    ctx,
    ctx.userId,
    unread.map((r) => r.peer),
  )
  const quiet = unread.filter((r) => muted.has(r.peer))
  const loud = unread.filter((r) => !muted.has(r.peer))
  const messages = (rows: typeof unread) => rows.reduce((sum, r) => sum + r.unread, 0)
  const dialog: tl.dialogFolder = {
    _: 'dialogFolder',
    pinned: pinned || undefined,
    folder: { _: 'folder', id: FOLDER.archive, title: 'Archived Chats' },
    peer: toPeer(top.peer),
    topMessage: top.top_message,
    unreadMutedPeersCount: quiet.length,
    unreadUnmutedPeersCount: loud.length,
    unreadMutedMessagesCount: messages(quiet),
    unreadUnmutedMessagesCount: messages(loud),
  }
  return { dialog, top: top.top_message }
}
