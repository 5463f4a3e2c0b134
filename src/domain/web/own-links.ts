import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { channelRow } from '../channel-rows.ts'
import { chatRow } from '../chat-rows.ts'
import { photoRow } from '../files.ts'
import { fullName } from '../forward-header.ts'
import { usableInvite } from '../invite-view.ts'
import { messageRow } from '../message-rows.ts'
import { wordsOf } from '../message-view.ts'
import { bareId, kindOf } from '../peers.ts'
import { SET_KIND, setNamed, stickersOf } from '../stickers/rows.ts'
import { userRow } from '../user-rows.ts'
import { usernameRow } from '../usernames.ts'
import { webUrl } from './pages.ts'
import { tidy } from './parse.ts'

/** What a preview shows, apart from the address itself. */
export type Shown = Partial<Omit<tl.webPage, '_' | 'id' | 'url' | 'displayUrl' | 'hash'>>

/** Links to these lead into this server, whose clients open them themselves. https://core.telegram.org/api/links */
const HOST = /^(?:www\.|([a-z]\w{3,31})\.)?(?:t\.me|telegram\.me|telegram\.dog)$/
const SITE = 'Telegram'
const TITLE = 300
const DESCRIPTION = 600
/** Stickers of a set. */
const SHOWN = 4

/** Where in this server a link leads, by its parts; undefined for links to anywhere else. */
export function ownPath(url: string): string[] | undefined {
  const { hostname, pathname } = new URL(url)
  const host = HOST.exec(hostname)
  if (!host) return undefined
  const parts = pathname.split('/').filter((part) => part !== '')
  return host[1] ? [host[1], ...parts] : parts
}

/** The page that a link opens as an article. https://core.telegram.org/api/links#instant-view-links */
export function articleAt(url: string): string | undefined {
  if (ownPath(url)?.[0] !== 'iv') return undefined
  const at = new URL(url).searchParams.get('url')
  const page = at ? webUrl(at) : undefined
  return page && !ownPath(page) ? page : undefined
}

/**
 * What everybody may know who has a link into this server: nothing is fetched, since what it names is not known anywhere
 * else, and an invitation is nobody else's business. Undefined for links that lead nowhere.
 */
export async function shownByLink(ctx: Ctx, path: readonly string[]): Promise<Shown | undefined> {
  const [first = '', ...rest] = path
  if (first.startsWith('+')) return invitation(ctx, first.slice(1))
  if (first === 'joinchat') return invitation(ctx, rest[0] ?? '')
  if (first === 'addstickers' || first === 'addemoji') return stickers(ctx, rest[0] ?? '', first === 'addemoji')
  if (first === 's' && rest.length > 0) return shownByLink(ctx, rest)
  const name = await usernameRow(ctx, first)
  if (name?.active !== 1) return undefined
  return kindOf(name.owner) === 'channel' ? channel(ctx, name.owner, rest) : user(ctx, name.owner)
}

async function photoOf(ctx: Ctx, id: number | null): Promise<tl.photo | undefined> {
  const row = id === null ? undefined : await photoRow(ctx, id)
  return row && (readObject(row.tl) as tl.photo)
}

async function place(
  ctx: Ctx,
  type: string,
  row: { title: string; about: string; photo_id: number | null },
): Promise<Shown> {
  const description = tidy(row.about, DESCRIPTION)
  return { type, siteName: SITE, title: row.title, description, photo: await photoOf(ctx, row.photo_id) }
}

/** A channel that everybody finds by its name, or a post of it. */
async function channel(ctx: Ctx, peer: number, rest: readonly string[]): Promise<Shown | undefined> {
  const row = await channelRow(ctx, bareId(peer))
  if (!row || row.deleted === 1) return undefined
  const id = Number(rest.at(-1))
  const open = row.hidden_prehistory === 0 && row.noforwards === 0
  const post = open && id > row.cleared_to ? await messageRow(ctx, peer, id) : undefined
  if (post && post.action === null && post.noforwards === 0) {
    const description = tidy(wordsOf(post), DESCRIPTION)
    return { type: 'telegram_message', siteName: SITE, title: row.title, description }
  }
  return place(ctx, row.megagroup === 1 ? 'telegram_megagroup' : 'telegram_channel', row)
}

/** Of people the name alone: who sees their picture, and what they say of themselves, is theirs to choose. */
async function user(ctx: Ctx, id: number): Promise<Shown | undefined> {
  const row = await userRow(ctx, id)
  if (!row || row.deleted === 1) return undefined
  const title = tidy(fullName(row), TITLE)!
  if (row.bot === 1) return place(ctx, 'telegram_bot', { ...row, title })
  return { type: 'telegram_user', siteName: SITE, title }
}

async function invitation(ctx: Ctx, hash: string): Promise<Shown | undefined> {
  try {
    const { peer, request_needed: request } = await usableInvite(ctx, hash)
    const asked = request === 1 ? '_request' : ''
    if (kindOf(peer) === 'chat') {
      const row = await chatRow(ctx, bareId(peer))
      return row && row.deactivated === 0 ? await place(ctx, `telegram_chat${asked}`, row) : undefined
    }
    const row = await channelRow(ctx, bareId(peer))
    if (!row || row.deleted === 1) return undefined
    return await place(ctx, `telegram_${row.megagroup === 1 ? 'megagroup' : 'channel'}${asked}`, row)
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

async function stickers(ctx: Ctx, name: string, emojis: boolean): Promise<Shown | undefined> {
  const set = await setNamed(ctx, name)
  if (!set || (set.kind === SET_KIND.emojis) !== emojis) return undefined
  const attribute: tl.webPageAttributeStickerSet = {
    _: 'webPageAttributeStickerSet',
    emojis: emojis || undefined,
    textColor: set.text_color === 1 || undefined,
    stickers: (await stickersOf(ctx, [set.id], SHOWN)).map((row) => readObject(row.tl) as tl.document),
  }
  return { type: 'telegram_stickerset', siteName: SITE, title: set.title, attributes: [attribute] }
}
