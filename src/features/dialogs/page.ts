import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { namedPeer } from '../../domain/access.ts'
import { unreadIn } from '../../domain/channel-messages.ts'
import { placeCommunities } from '../../domain/community-dialogs.ts'
import { channelDialog, FOLDER, listed, pinnedDialogs } from '../../domain/dialogs.ts'
import { type DialogRow, dialogRow } from '../../domain/message-rows.ts'
import { fromPeer, kindOf } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Params } from '../../rpc/method.ts'
import { query, type Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Dialogs given at once. Clients ask for up to 500. */
const MOST = 500
const USUAL = 20

export interface DialogPage {
  rows: DialogRow[]
  /** Puts communities between the dialogs made of the rows. */
  place(dialogs: tl.Dialog[]): Promise<tl.Dialog[]>
  /** How many dialogs the list has, pinned ones among them. */
  count: number
  /** The page begins where the list does. */
  first: boolean
}

type Request = Params<'messages.getDialogs'>

/** Where a page begins: after this dialog in the order of the list. */
interface Offset {
  date: number
  id: number
  /** Of dialogs of one date with one id. */
  peer: number
  /** The dialog is pinned, so that all that are not come after it. */
  pinned: number
}

/**
 * A page of the list of dialogs: pinned ones of the folder first, in their order, then the others from the newest
 * message on. https://core.telegram.org/api/offsets
 */
export async function dialogPage(ctx: Ctx, req: Request): Promise<DialogPage> {
  const limit = req.limit > 0 ? Math.min(req.limit, MOST) : USUAL
  const folder = req.folderId
  const offset = await offsetOf(ctx, req)
  const [counted] = await ctx.run(QUERIES[folder === undefined ? 'all' : 'folder'].count, asked(ctx, folder))
  const rows = req.excludePinned ? [] : (await pinnedPart(ctx, folder ?? FOLDER.main, offset)).slice(0, limit)
  if (rows.length < limit) {
    const more = await others(ctx, folder, offset, limit - rows.length)
    // Only of those in the page it is counted what is unread.
    for (const row of more) {
      const channel = kindOf(row.peer) === 'channel'
      rows.push(channel ? { ...row, unread: await unreadIn(ctx, row.peer, ctx.userId, row.read_inbox) } : row)
    }
  }
  const first = offset === undefined
  const part = {
    first,
    after: req.excludePinned ? 0 : (offset?.pinned ?? Number.POSITIVE_INFINITY),
    short: rows.length === limit && rows.at(-1)!.pinned > 0,
    newest: (peers: readonly number[]) => newestOf(ctx, peers),
  }
  // Communities stand in the main list alone.
  const place = (dialogs: tl.Dialog[]) =>
    folder === FOLDER.archive ? Promise.resolve(dialogs) : placeCommunities(ctx, rows, dialogs, part)
  return { rows, place, count: Number(counted!.count), first }
}

/** The newest dialog that is not pinned among some of the main list's. */
async function newestOf(ctx: Ctx, peers: readonly number[]): Promise<number | undefined> {
  if (peers.length === 0) return undefined
  const row = await inOrder(listed(ctx.db, ctx.userId, false).where('folder', '=', FOLDER.main).select('peer'))
    .where('peer', 'in', [...peers])
    .where('pinned', '=', 0)
    .limit(1)
    .executeTakeFirst()
  return row?.peer
}

async function offsetOf(ctx: Ctx, req: Request): Promise<Offset | undefined> {
  const peer = namedPeer(ctx, req.offsetPeer)
  const named = peer === 0 ? undefined : await entry(ctx, peer)
  // A dialog that stands among the pinned ones says nothing about dates.
  if (named && named.pinned > 0 && (req.offsetId === 0 || req.offsetId === named.top_message)) {
    return { date: 0, id: 0, peer, pinned: named.pinned }
  }
  if (req.offsetDate > 0) return { date: req.offsetDate, id: req.offsetId, peer, pinned: 0 }
  if (req.offsetId > 0) return offsetByMessage(ctx, req.offsetId)
  return named && named.top_message > 0 ? { date: named.top_date, id: named.top_message, peer, pinned: 0 } : undefined
}

function entry(ctx: Ctx, peer: number): Promise<DialogRow | undefined> {
  return kindOf(peer) === 'channel' ? channelDialog(ctx, peer) : dialogRow(ctx, ctx.userId, peer)
}

async function offsetByMessage(ctx: Ctx, id: number): Promise<Offset | undefined> {
  const row = await ctx.db
    .selectFrom('message')
    .select('date')
    .where('owner', '=', ctx.userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { date: row.date, id, peer: 0, pinned: 0 }
}

async function pinnedPart(ctx: Ctx, folder: number, offset: Offset | undefined): Promise<DialogRow[]> {
  if (offset && offset.pinned === 0) return []
  const rows = await pinnedDialogs(ctx, folder)
  return offset ? rows.filter((row) => row.pinned < offset.pinned) : rows
}

async function others(
  ctx: Ctx,
  folder: number | undefined,
  offset: Offset | undefined,
  limit: number,
): Promise<DialogRow[]> {
  // Thousands are put in order by what decides that alone; of those in the page the rest is read then.
  const { first, after, found } = QUERIES[folder === undefined ? 'all' : 'folder']
  const where = asked(ctx, folder)
  const peers = (
    offset && offset.pinned === 0
      ? await ctx.run(after, { ...where, date: offset.date, id: offset.id, peer: offset.peer, limit })
      : await ctx.run(first, { ...where, limit })
  ).map((row) => row.peer)
  if (peers.length === 0) return []
  const byPeer = new Map((await ctx.run(found, { ...where, peers })).map((row) => [row.peer, row]))
  return peers.flatMap((peer) => byPeer.get(peer) ?? [])
}

interface InList {
  owner: number
  /** Nothing where all folders are listed. */
  folder: number
}

const asked = (ctx: Ctx, folder: number | undefined): InList => ({ owner: ctx.userId, folder: folder ?? FOLDER.main })

const inOrder = <O>(rows: SelectQueryBuilder<{ dialog: DialogRow }, 'dialog', O>) =>
  rows.orderBy('top_date', 'desc').orderBy('top_message', 'desc').orderBy('peer', 'desc')

/** The questions of a page, of one folder or of all. Building them took a third of what a page costs. */
const questions = (oneFolder: boolean) => {
  const list = (db: Kysely<Tables>, p: InList) => {
    const all = listed(db, p.owner, false)
    return oneFolder ? all.where('folder', '=', p.folder) : all
  }
  // Where the archive is listed along with everything else, its pinned dialogs stand in the order of their dates.
  const notPinned = (db: Kysely<Tables>, p: InList) =>
    oneFolder
      ? list(db, p).where('pinned', '=', 0)
      : list(db, p).where((eb) => eb.or([eb('pinned', '=', 0), eb('folder', '!=', sql.lit(FOLDER.main))]))
  return {
    count: query<InList>()((db, p) => list(db, p).select((eb) => eb.fn.countAll<number>().as('count'))),
    first: query<InList & { limit: number }>()((db, p) => inOrder(notPinned(db, p).select('peer')).limit(p.limit)),
    after: query<InList & { date: number; id: number; peer: number; limit: number }>()((db, p) =>
      inOrder(notPinned(db, p).select('peer'))
        .where((eb) =>
          eb.or([
            eb('top_date', '<', p.date),
            eb.and([eb('top_date', '=', p.date), eb('top_message', '<', p.id)]),
            // Channels count their messages for themselves: dialogs of one date may have the same.
            eb.and([eb('top_date', '=', p.date), eb('top_message', '=', p.id), eb('peer', '<', p.peer)]),
          ]),
        )
        .limit(p.limit),
    ),
    found: query<InList & { peers: readonly number[] }>()((db, p, d) =>
      list(db, p)
        .selectAll()
        .where('peer', 'in', d.each(p.peers) as never),
    ),
  }
}
const QUERIES = { all: questions(false), folder: questions(true) }

/** What changes when anything in a page does. https://core.telegram.org/api/offsets#hash-generation */
export function pageNumbers(dialogs: readonly tl.Dialog[], messages: readonly tl.Message[]): number[] {
  const place = (peer: tl.Peer | undefined, id: number) => `${peer ? fromPeer(peer) : 0}:${id}`
  const edited = new Map(
    messages.map((m) => [place(m.peerId, m.id), (m as tl.message).editDate ?? (m as tl.message).date]),
  )
  const numbers: number[] = []
  for (const d of dialogs) {
    if (d._ === 'dialogCommunity') numbers.push(d.pinned ? 1 : 0, d.communityId, d.notifySettings.muteUntil ?? 0)
    if (d._ !== 'dialog') continue
    const id = 'userId' in d.peer ? d.peer.userId : 'chatId' in d.peer ? d.peer.chatId : d.peer.channelId
    numbers.push(d.pinned ? 1 : 0, id, d.topMessage, edited.get(place(d.peer, d.topMessage)) ?? 0)
    numbers.push(d.unreadCount, d.readInboxMaxId, d.readOutboxMaxId, d.unreadMark ? 1 : 0, d.draft ? 1 : 0)
  }
  return numbers
}
