import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { ChannelRef } from './access.ts'
import { viewMessages } from './channel-marks.ts'
import { channelRows } from './channel-rows.ts'
import { UNREAD_COUNTED, unreadEstimateOf } from './channel-unread.ts'
import { unreadDirect } from './direct-messages.ts'
import { viewDraft } from './drafts.ts'
import { type DialogRow, type MessageRow, messageRows } from './message-rows.ts'
import { mutedAmong, notifySettingsOf } from './notify.ts'
import { bareId, CHANNEL_BASE, channelPeer, kindOf, toPeer } from './peers.ts'
import { notReadInTopic } from './threads.ts'

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
 * themselves, out of messages.getAllDrafts, and refuse a listed dialog without a message. What is unread of channels is
 * counted unless it is not asked for.
 */
export function listed(
  db: Kysely<Tables>,
  owner: number,
  counted = true,
): SelectQueryBuilder<{ dialog: DialogRow }, 'dialog', object> {
  const own = db.selectFrom('dialog').where('owner', '=', owner).where('hidden', '=', 0).where('top_message', '>', 0)
  return db.selectFrom(
    own
      .select(COLUMNS)
      .unionAll(channelDialogs(db, owner, counted) as never)
      .as('dialog'),
  ) as never
}

/** The columns of a dialog's row. */
const COLUMNS = [
  'owner',
  'peer',
  'top_message',
  'top_date',
  'read_inbox',
  'read_outbox',
  'unread',
  'unread_mentions',
  'unread_reactions',
  'unread_votes',
  'unread_mark',
  'pinned',
  'folder',
  'draft',
  'draft_date',
  'ttl',
  'hidden',
  'bar_hidden',
  'noforwards',
  'messages',
] as const satisfies (keyof DialogRow)[]

/**
 * The channels an account is in, as dialogs: the newest message is the channel's own, and what is unread is counted
 * when it is asked for.
 */
function channelDialogs(db: Kysely<Tables>, owner: number, counted: boolean) {
  return (
    db
      .selectFrom('channel_member as m')
      .innerJoin('channel as c', 'c.id', 'm.channel_id')
      .innerJoin('dialog as d', (j) =>
        j.on('d.owner', '=', owner).on('d.peer', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - m.channel_id`),
      )
      // Of a channel's direct messages everybody has their own, but those who answer.
      .leftJoin('direct_topic as t', (j) =>
        j.onRef('t.channel_id', '=', 'm.channel_id').onRef('t.peer', '=', 'm.user_id'),
      )
      .where('m.user_id', '=', owner)
      .where('m.state', '=', 0)
      .where('c.deleted', '=', 0)
      .where('c.top_message', '>', 0)
      .where((eb) => eb.or([eb('c.monoforum', '=', 0), eb('m.role', '>', 0), eb('t.top_message', '>', 0)]))
      .select((eb) =>
        COLUMNS.map((column) => {
          if (column === 'top_message' || column === 'top_date' || column === 'messages') {
            return sql<number>`case when c.monoforum = 1 and m.role = 0
            then ${sql.ref(`t.${column}`)} else ${sql.ref(`c.${column}`)} end`.as(column)
          }
          if (column === 'unread') return (counted ? unreadOf(eb as never) : sql.lit(0)).as('unread')
          return eb.ref(`d.${column}`).as(column)
        }),
      )
  )
}

/** What of a channel its member has not read: what others said since. */
const unreadOf = (eb: ExpressionBuilder<Tables & { m: Tables['channel_member']; d: Tables['dialog'] }, 'm' | 'd'>) =>
  unreadEstimateOf(
    eb
      .selectFrom('message as x')
      .select('x.id')
      .whereRef('x.owner', '=', 'd.peer')
      .whereRef('x.id', '>', 'd.read_inbox')
      .whereRef('x.sender', '<>', 'm.user_id')
      .where(notReadInTopic(sql.ref('d.owner')))
      .where(unreadDirect(sql.ref('m.user_id')))
      .limit(sql.lit(UNREAD_COUNTED + 1) as never),
  )

const listedDialog = query<{ owner: number; peer: number }>()((db, p) =>
  listed(db, p.owner).selectAll().where('peer', '=', p.peer),
)

/** The dialog of a channel as its member has it; undefined for who is not in it. */
export async function channelDialog(ctx: Ctx, peer: number): Promise<DialogRow | undefined> {
  return (await ctx.run(listedDialog, { owner: ctx.userId, peer }))[0]
}

const pinnedOfFolder = query<{ owner: number; folder: number }>()((db, p) =>
  listed(db, p.owner).selectAll().where('folder', '=', p.folder).where('pinned', '>', 0).orderBy('pinned', 'desc'),
)

/** Pinned dialogs of a folder, from the top. */
export function pinnedDialogs(ctx: Ctx, folder: number): Promise<DialogRow[]> {
  return ctx.run(pinnedOfFolder, { owner: ctx.userId, folder })
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
  const channels = rows.filter((r) => kindOf(r.peer) === 'channel').map((r) => bareId(r.peer))
  if (channels.length > 0) {
    for (const row of (await channelRows(ctx, channels)).values())
      if (row.ttl > 0) ttls.set(channelPeer(row.id), row.ttl)
  }
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
  | 'unread_votes'
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
  return { peer, ...nothing, unread: 0, unread_mentions: 0, unread_reactions: 0, unread_votes: 0, unread_mark: 0 }
}

/** The dialog of a channel, also for who only looks into it: they have read nothing, and all of it. */
export async function viewedDialog(ctx: Ctx, channel: ChannelRef): Promise<ShownDialog> {
  const own = await channelDialog(ctx, channel.peer)
  if (own) return own
  if (channel.topic !== undefined) return emptyDialog(channel.peer)
  const top = channel.row.top_message
  return { ...emptyDialog(channel.peer), top_message: top, read_inbox: top, read_outbox: top }
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
  const messages = await topMessages(ctx, rows)
  const states = await channelPts(ctx, rows)
  const flat = await forumsAsMessages(
    ctx,
    rows.map((row) => row.peer),
  )
  const dialogs = rows.map((row): tl.dialog => {
    const view = viewDialog(ctx, row, settings.get(row.peer)!, ttls.get(row.peer), states.get(row.peer))
    return flat.has(row.peer) ? { ...view, viewForumAsMessages: true } : view
  })
  return { dialogs, messages: await viewMessages(ctx, messages) }
}

const asMessages = query<{ owner: number; peers: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('forum_as_messages')
    .select('peer')
    .where('owner', '=', p.owner)
    .where('peer', 'in', d.each(p.peers) as never),
)

/** The forums among dialogs (marked ids) that their viewer looks at without their topics. */
export async function forumsAsMessages(ctx: Ctx, peers: readonly number[]): Promise<Set<number>> {
  const channels = peers.filter((peer) => kindOf(peer) === 'channel').map(bareId)
  if (channels.length === 0) return new Set()
  const forums = [...(await channelRows(ctx, channels)).values()].filter((row) => row.forum === 1)
  if (forums.length === 0) return new Set()
  const rows = await ctx.run(asMessages, { owner: ctx.userId, peers: forums.map((row) => channelPeer(row.id)) })
  return new Set(rows.map((row) => row.peer))
}

/** The newest messages of dialogs: the account's own copies, and those of the channels. */
async function topMessages(ctx: Ctx, rows: readonly ShownDialog[]): Promise<MessageRow[]> {
  const shown = rows.filter((r) => r.hidden === 0 && r.top_message > 0)
  const own = shown.filter((r) => kindOf(r.peer) !== 'channel').map((r) => r.top_message)
  const messages = await messageRows(ctx, ctx.userId, own)
  for (const row of shown) {
    if (kindOf(row.peer) === 'channel') messages.push(...(await messageRows(ctx, row.peer, [row.top_message])))
  }
  return messages
}

const ptsOf = query<{ owners: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('box')
    .select(['owner', 'pts'])
    .where('owner', 'in', d.each(p.owners) as never),
)

/** Where the channels among dialogs stand, by their marked ids. */
async function channelPts(ctx: Ctx, rows: readonly ShownDialog[]): Promise<Map<number, number>> {
  const owners = rows.filter((r) => kindOf(r.peer) === 'channel').map((r) => r.peer)
  if (owners.length === 0) return new Map()
  return new Map((await ctx.run(ptsOf, { owners })).map((row) => [row.owner, row.pts]))
}

function viewDialog(
  ctx: Ctx,
  row: ShownDialog,
  notifySettings: tl.PeerNotifySettings,
  ttl: number | undefined,
  pts: number | undefined,
): tl.dialog {
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
    unreadPollVotesCount: row.unread_votes,
    notifySettings,
    pts,
    draft: row.draft ? viewDraft(ctx, row.draft) : undefined,
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
