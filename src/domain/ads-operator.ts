import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { App } from '../rpc/app.ts'
import { type Ctx, systemCtx } from '../rpc/context.ts'
import { nextId } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { AdRow } from './ads.ts'
import { channelRow } from './channel-rows.ts'
import { styleText } from './entities.ts'
import { atRest, storeEntities } from './message-view.ts'
import { bareId, kindOf } from './peers.ts'
import { keepImage } from './photos.ts'
import { userRow } from './user-rows.ts'
import { usernameRow } from './usernames.ts'

const STYLES = {
  bold: 'messageEntityBold',
  italic: 'messageEntityItalic',
  underline: 'messageEntityUnderline',
  strike: 'messageEntityStrike',
  spoiler: 'messageEntitySpoiler',
  code: 'messageEntityCode',
} as const

const count = z.number().int().min(1).max(1e12)
const handle = z.string().regex(/^@[a-zA-Z]\w{2,31}$/, 'expected a username, such as @name')
/** One ad of a file of `ads add`. */
const adFile = z
  .strictObject({
    title: z.string().trim().min(1).max(128).optional(),
    text: z.string().max(4096).default(''),
    entities: z
      .array(
        z.strictObject({
          type: z.enum(Object.keys(STYLES) as (keyof typeof STYLES)[]),
          offset: z.number().int().min(0),
          length: z.number().int().min(1),
        }),
      )
      .max(100)
      .default([]),
    /** Where it leads, unless that is a channel or bot of this server. */
    url: z.url({ protocol: /^(https?|tg)$/ }).optional(),
    peer: handle.optional(),
    button: z.string().trim().min(1).max(64).optional(),
    photo: z.string().min(1).optional(),
    recommended: z.boolean().default(false),
    video: z.boolean().default(false),
    sponsorInfo: z.string().max(512).optional(),
    additionalInfo: z.string().max(512).optional(),
    channels: z.union([z.literal('all'), z.array(handle).max(10_000)]).default([]),
    bots: z.union([z.literal('all'), z.array(handle).max(10_000)]).default([]),
    search: z.array(z.string().trim().toLowerCase().min(2).max(64)).max(1000).default([]),
    maxViews: count.optional(),
    maxClicks: count.optional(),
  })
  .refine((ad) => ad.url !== undefined || ad.peer !== undefined, 'expected a url or a peer')
  .refine((ad) => ad.search.length === 0 || ad.peer !== undefined, 'what searches find is a peer')
  .refine((ad) => ad.channels.length + ad.bots.length + ad.search.length > 0, 'expected channels, bots or search')
  .refine((ad) => ad.text.trim() !== '' || ad.channels.length + ad.bots.length === 0, 'expected a text')
type AdFile = z.output<typeof adFile>

/** A channel or bot by its name, as ads name them. @throws Error in plain words */
async function named(ctx: Ctx, name: string): Promise<{ peer: number; title: string }> {
  const row = await usernameRow(ctx, name.slice(1))
  const peer = row?.active === 1 ? row.owner : undefined
  if (peer !== undefined && kindOf(peer) === 'channel') {
    const channel = await channelRow(ctx, bareId(peer))
    if (channel && channel.deleted === 0) return { peer, title: channel.title }
  }
  const user = peer !== undefined && peer > 0 ? await userRow(ctx, peer) : undefined
  if (user?.bot === 1) return { peer: user.id, title: user.first_name }
  throw new Error(`${name}: no such channel or bot`)
}

async function targetsOf(ctx: Ctx, ad: AdFile): Promise<string[]> {
  const targets = ad.search.map((word) => `search:${word}`)
  for (const kind of ['channels', 'bots'] as const) {
    const list = ad[kind]
    if (list === 'all') targets.push(kind)
    else
      for (const name of list) {
        const { peer } = await named(ctx, name)
        if (peer < 0 !== (kind === 'channels')) throw new Error(`${name}: not one of the ${kind}`)
        targets.push(peer < 0 ? `channel:${bareId(peer)}` : `bot:${peer}`)
      }
  }
  return [...new Set(targets)]
}

/** Adds the ads of a JSON file: one, or a list of them. Pictures are named from where the file is. */
export async function addAds(app: App, path: string): Promise<string[]> {
  const read = z.union([adFile, z.array(adFile).min(1).max(1000)]).safeParse(await readJson(path))
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`)
  const lines: string[] = []
  for (const ad of [read.data].flat()) lines.push(await addAd(systemCtx(app), ad, dirname(path)))
  return lines
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${path}: not JSON`)
  }
}

async function addAd(ctx: Ctx, ad: AdFile, directory: string): Promise<string> {
  const bounds = { length: 4096, entities: 100, tooLong: 'MESSAGE_TOO_LONG' as const }
  const given = ad.entities.map(({ type, ...at }): tl.MessageEntity => ({ _: STYLES[type], ...at }))
  const { text, entities } = styleText(ad.text, given, bounds)
  const targets = await targetsOf(ctx, ad)
  const peer = ad.peer === undefined ? undefined : await named(ctx, ad.peer)
  const photo = ad.photo === undefined ? undefined : await keepImage(ctx, await readFile(resolve(directory, ad.photo)))
  const media = photo && atRest({ _: 'messageMediaPhoto', photo: { ...photo, fileReference: new Uint8Array(0) } })
  const url = ad.url ?? `https://t.me/${ad.peer!.slice(1)}`
  const title = ad.title ?? peer?.title ?? new URL(url).hostname
  const button = ad.button ?? (peer === undefined ? 'Open link' : peer.peer < 0 ? 'View channel' : 'Open bot')
  const id = await ctx.transact(async (tx) => {
    const made = await nextId(tx.trx, 'ad')
    await tx.trx
      .insertInto('ad')
      .values({
        id: made,
        ...{ title, text, url, button, date: tx.now, peer: peer?.peer ?? null, media: media ?? null },
        entities: storeEntities(entities),
        recommended: ad.recommended ? 1 : 0,
        video: ad.video ? 1 : 0,
        sponsor_info: ad.sponsorInfo ?? null,
        additional_info: ad.additionalInfo ?? null,
        max_views: ad.maxViews ?? null,
        max_clicks: ad.maxClicks ?? null,
      })
      .execute()
    await tx.trx
      .insertInto('ad_target')
      .values(targets.map((target) => ({ target, ad_id: made })))
      .execute()
    return made
  })
  return `ad ${id} ${title}`
}

/** How many of the clicks were on what an ad shows, where there were any. */
function clickedOn({ media_clicks: media, fullscreen_clicks: full }: AdRow): string {
  return media + full === 0 ? '' : ` (${media} on the picture or video, ${full} in full screen)`
}

/** Every ad with how often it was seen, followed and reported. */
export async function listAds(app: App): Promise<string[]> {
  const rows = await app.store.db.selectFrom('ad').selectAll().orderBy('id').limit(10_000).execute()
  const lines = rows.map((row) => {
    const of = (done: number, most: number | null, what: string) =>
      `${done}${most === null ? '' : ` of ${most}`} ${what}`
    const figures = [
      of(row.views, row.max_views, 'views'),
      of(row.clicks, row.max_clicks, 'clicks') + clickedOn(row),
      `${row.reports} reports`,
    ]
    return [row.id, row.title, row.url, ...figures].join('\t')
  })
  return lines.length > 0 ? lines : ['no ads']
}

/** Takes an ad away, with what was counted of it. */
export async function removeAd(app: App, word: string): Promise<string[]> {
  const id = /^\d{1,9}$/.test(word) ? Number(word) : 0
  const removed = await systemCtx(app).transact(async (tx) => {
    const row = await tx.trx.deleteFrom('ad').where('id', '=', id).returning('id').executeTakeFirst()
    await tx.trx.deleteFrom('ad_target').where('ad_id', '=', id).execute()
    await tx.trx.deleteFrom('ad_seen').where('ad_id', '=', id).execute()
    return row
  })
  if (!removed) throw new Error(`${word}: no such ad`)
  return [`ad ${id} removed`]
}
