import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { schedule } from '../../rpc/jobs.ts'
import { query, type Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import type { FactKind, Logged } from '../../updates/facts.ts'
import { holders } from '../copies.ts'
import { addressFiles, newFileId } from '../files.ts'
import type { MessageRow } from '../message-rows.ts'
import { bareId } from '../peers.ts'
import { keepArticle } from './articles.ts'
import { startLoading } from './turns.ts'

declare module '../../updates/facts.ts' {
  interface Facts {
    /** A page whose preview somebody waits for has been fetched, or could not be. */
    webPage: { page: number }
  }
}

export type PageRow = Selectable<Tables['web_page']>
export const PAGE_STATE = { pending: 0, found: 1, empty: 2 } as const

/** The job that gives up a page whose fetch ended with the process that had begun it. */
export const GIVE_UP = 'webPages.giveUp'
const GIVE_UP_AFTER = 120

const byKey = query<{ key: string }>()((db, p) => db.selectFrom('web_page').selectAll().where('url_key', '=', p.key))
const byId = query<{ id: number }>()((db, p) => db.selectFrom('web_page').selectAll().where('id', '=', p.id))
const waiting = query<{ page: number; owner: number; peer: number; origin: number }>()((db, p) =>
  db
    .insertInto('web_page_place')
    .values({ page: p.page, owner: p.owner, peer: p.peer, origin: p.origin })
    .onConflict((c) => c.columns(['page', 'owner', 'origin']).doNothing()),
)

const URL_LENGTH = 2048

/** An address as a text has it, in full; undefined for what is none of the web, or carries a password. */
export function webUrl(text: string): string | undefined {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (full.length > URL_LENGTH || !URL.canParse(full)) return undefined
  const { protocol, username, password, href } = new URL(full)
  return (protocol === 'http:' || protocol === 'https:') && !username && !password ? href : undefined
}

function keyOf(url: string): string {
  const plain = new URL(url)
  plain.hash = ''
  return createHash('sha256').update(plain.href).digest('hex').slice(0, 40)
}

export async function pageRow(ctx: Ctx, id: number): Promise<PageRow | undefined> {
  const [row] = await ctx.run(byId, { id })
  return row
}

/** Whether a page is to be fetched, for the first time or again. */
export const isDue = (ctx: Ctx, row: PageRow): boolean => row.state === PAGE_STATE.pending || row.expires_at <= ctx.now

/** The page of an address; one that nobody has named before begins as pending. */
export async function pageOf(ctx: Ctx, url: string): Promise<PageRow> {
  const key = keyOf(url)
  const [known] = await ctx.run(byKey, { key })
  if (known && !(known.state === PAGE_STATE.empty && known.expires_at <= ctx.now)) return known
  return ctx.transact(async (tx) => {
    const begin = { state: PAGE_STATE.pending, date: tx.now, expires_at: tx.now }
    const row = await tx.trx
      .insertInto('web_page')
      .values({ id: newFileId(tx), url_key: key, url, tl: null, ...begin })
      // What was empty once is tried again.
      .onConflict((c) => c.column('url_key').doUpdateSet(begin).where('web_page.state', '<>', PAGE_STATE.found))
      .returningAll()
      .executeTakeFirst()
    return row ?? (await tx.run(byKey, { key }))[0]!
  })
}

/** A page as messages keep it: by its number. What it shows is looked up when it is read. */
export function pageMedia(row: PageRow, flags: Partial<tl.messageMediaWebPage> = {}): tl.messageMediaWebPage {
  return {
    _: 'messageMediaWebPage',
    ...flags,
    webpage: { _: 'webPagePending', id: BigInt(row.id), url: row.url, date: row.date },
  }
}

/**
 * https://core.telegram.org/type/WebPage
 * The date of a pending page is how long clients wait to be told of it: then TDLib fails whoever asked for it, and it
 * and others ask for the message again, at once and all the time where that date is over.
 */
export function viewPage(ctx: Ctx, row: PageRow): tl.webPage | tl.webPagePending | tl.webPageEmpty {
  const id = BigInt(row.id)
  if (row.state === PAGE_STATE.pending) {
    return { _: 'webPagePending', id, url: row.url, date: row.date + GIVE_UP_AFTER }
  }
  if (row.state === PAGE_STATE.empty || !row.tl) return { _: 'webPageEmpty', id, url: row.url }
  return addressFiles(ctx, readObject(row.tl) as tl.webPage)
}

const pageIdOf = (media: tl.MessageMedia | undefined): number | undefined =>
  media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending' ? Number(media.webpage.id) : undefined

/** Puts what their pages show into messages that have some; a page without a preview leaves its message without media. */
export async function addPages(ctx: Ctx, views: readonly tl.Message[]): Promise<void> {
  const ids = new Set<number>()
  for (const view of views) {
    const id = view._ === 'message' ? pageIdOf(view.media) : undefined
    if (id !== undefined) ids.add(id)
  }
  if (ids.size === 0) return
  const found = new Map<number, PageRow>()
  for (const id of ids) {
    const row = await pageRow(ctx, id)
    if (row) found.set(id, row)
  }
  for (const view of views) {
    const id = view._ === 'message' ? pageIdOf(view.media) : undefined
    if (id === undefined || view._ !== 'message') continue
    const row = found.get(id)
    const webpage = row && viewPage(ctx, row)
    const media = view.media as tl.messageMediaWebPage
    view.media = webpage && webpage._ !== 'webPageEmpty' ? { ...media, webpage } : undefined
  }
}

/** Has a message's page fetched where it is due, and whoever has the message told of it. */
export async function followPage(
  tx: Tx,
  row: Pick<MessageRow, 'owner' | 'peer' | 'origin'>,
  media: tl.MessageMedia | undefined,
): Promise<void> {
  const id = pageIdOf(media)
  const page = id === undefined ? undefined : await pageRow(tx, id)
  if (page) await awaitPage(tx, page, row)
}

/** Has a page fetched where it is due; `place` is told when it is done. */
export async function awaitPage(
  tx: Tx,
  page: PageRow,
  place: { owner: number; peer: number; origin: number },
): Promise<void> {
  if (!tx.app.config.linkPreviews || !isDue(tx, page)) return
  const { owner, peer, origin } = place
  await tx.run(waiting, { page: page.id, owner, peer, origin })
  const job = { id: `${GIVE_UP}:${page.id}`, kind: GIVE_UP, owner: 0, dueAt: tx.now + GIVE_UP_AFTER }
  await schedule(tx, { ...job, data: { page: page.id } })
  const asker = tx.viewer || owner
  tx.onCommit(() => startLoading(tx.app, page.id, asker))
}

/** What a page turned out to be, TL bytes, and the article on it, if there is one. */
export interface FoundPage {
  tl: Uint8Array
  article: { tl: Uint8Array; pictures: string } | 'as it was' | undefined
}

/**
 * Writes what a page turned out to be and tells whoever waits for it. A page that was found once stays as it was when it
 * cannot be reached any more.
 */
export async function finishPage(ctx: Ctx, id: number, found: FoundPage | undefined, expiresAt: number): Promise<void> {
  await ctx.transact(async (tx) => {
    const set = found
      ? { state: PAGE_STATE.found, tl: found.tl, date: tx.now, expires_at: expiresAt }
      : { expires_at: expiresAt }
    await tx.trx.updateTable('web_page').set(set).where('id', '=', id).execute()
    if (found && found.article !== 'as it was') await keepArticle(tx, id, found.article)
    if (!found) {
      await tx.trx
        .updateTable('web_page')
        .set({ state: PAGE_STATE.empty })
        .where('id', '=', id)
        .where('state', '=', PAGE_STATE.pending)
        .execute()
    }
    const places = await tx.trx.deleteFrom('web_page_place').where('page', '=', id).returningAll().execute()
    const boxes = new Set<number>()
    for (const place of places) for (const box of await boxesOf(tx, place)) boxes.add(box)
    await tx.publishAll([...boxes].map((owner) => [owner, { kind: 'webPage', page: id }]))
  })
}

/** The boxes that have a message, wherever its copies are. */
async function boxesOf(tx: Tx, place: { owner: number; peer: number; origin: number }): Promise<number[]> {
  if (place.origin === 0) return [place.owner]
  const rows = await tx.trx
    .selectFrom('message')
    .select('owner')
    .distinct()
    .where('owner', 'in', await holders(tx, place.owner, place.peer))
    .where('origin', '=', place.origin)
    .execute()
  return rows.map((row) => row.owner)
}

/** https://core.telegram.org/constructor/updateWebPage */
export const webPageFact: FactKind<'webPage'> = {
  pts: () => 1,
  async render(viewer: Ctx, facts: readonly Logged<'webPage'>[]) {
    const pages = new Map<number, PageRow | undefined>()
    for (const { fact } of facts) if (!pages.has(fact.page)) pages.set(fact.page, await pageRow(viewer, fact.page))
    return facts.map(({ fact, owner, pts, ptsCount }): tl.Update => {
      const row = pages.get(fact.page)
      const webpage: tl.WebPage = row ? viewPage(viewer, row) : { _: 'webPageEmpty', id: BigInt(fact.page) }
      if (owner > 0) return { _: 'updateWebPage', webpage, pts, ptsCount }
      return { _: 'updateChannelWebPage', channelId: bareId(owner), webpage, pts, ptsCount }
    })
  },
}
