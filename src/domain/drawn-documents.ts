import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Insertable } from 'kysely'
import type { App } from '../rpc/app.ts'
import type { Ctx } from '../rpc/context.ts'
import type { Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { documentRow, newBlobKey, newFileId, viewDocument } from './files.ts'
import { atRest } from './message-view.ts'
import { eachOf } from './photos.ts'
import { setSetting, setting } from './settings.ts'

/*
 * Clients draw reactions and effects out of documents: still pictures and animations (Lottie, gzipped). DEVIATES:
 * Telegram has artists' emoji there; what comes with this server is a disc in a colour of its own, made once and kept
 * as documents like any other, which an operator may replace.
 */

/** Width and height of an animation. */
export const SIDE = 512
const FRAMES = 60

/** A colour for each, as far from its neighbours' as the circle allows. */
const hue = (i: number): number => Math.round((i * 137.508) % 360)

function rgb(i: number): [number, number, number] {
  const at = (n: number) => {
    const k = (n + hue(i) / 30) % 12
    return 0.6 - 0.4 * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  }
  return [at(0), at(8), at(4)]
}

/**
 * A Lottie animation, gzipped: a disc that grows from one size to another; with `fades` it disappears meanwhile.
 * @param i which of the colours
 */
export function lottie(i: number, from: number, to: number, fades: boolean): Buffer {
  const ease = { i: { x: [0.6], y: [1] }, o: { x: [0.3], y: [0] } }
  const animated = (a: number[], b: number[]) => ({
    a: 1,
    k: [
      { t: 0, s: a, ...ease },
      { t: FRAMES / 2, s: b },
    ],
  })
  const still = (k: number | number[]) => ({ a: 0, k })
  const disc = {
    ty: 'gr',
    it: [
      { ty: 'el', p: still([0, 0]), s: still([440, 440]) },
      { ty: 'fl', c: still([...rgb(i), 1]), o: still(100) },
      { ty: 'tr', p: still([0, 0]), a: still([0, 0]), s: still([100, 100]), r: still(0), o: still(100) },
    ],
  }
  const ks = {
    o: fades ? animated([100], [0]) : still(100),
    r: still(0),
    p: still([SIDE / 2, SIDE / 2, 0]),
    a: still([0, 0, 0]),
    s: animated([from, from, 100], [to, to, 100]),
  }
  const layer = { ddd: 0, ind: 1, ty: 4, nm: 'disc', sr: 1, ks, ao: 0, shapes: [disc], ip: 0, op: FRAMES, st: 0, bm: 0 }
  const file = {
    tgs: 1,
    v: '5.5.2',
    fr: 60,
    ip: 0,
    op: FRAMES,
    w: SIDE,
    h: SIDE,
    nm: '',
    ddd: 0,
    assets: [],
    layers: [layer],
  }
  return gzipSync(JSON.stringify(file))
}

/** The same disc as a still picture of 100 by 100. */
export async function stillIcon(i: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const [r, g, b] = rgb(i).map((c) => Math.round(c * 255))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><circle cx="50" cy="50" r="43" fill="rgb(${r},${g},${b})"/></svg>`
  return sharp(Buffer.from(svg)).webp({ quality: 80 }).toBuffer()
}

/** A picture for clients to draw something with. */
export interface DrawnFile {
  name: string
  mime: string
  side: number
  emoji: string
  bytes: Buffer
}

export type DocumentInsert = Insertable<Tables['document']>

/** What the server itself makes a document of. */
export interface OwnFile {
  bytes: Buffer
  mime: string
  fileType: string
  attributes: tl.DocumentAttribute[]
  /** Marked id of the account for which it is made; 0 for nobody's. */
  owner: number
}

/** Writes a file's bytes, and gives the row that makes it a document, to be written by the caller. */
export async function ownDocument(ctx: Ctx, file: OwnFile): Promise<DocumentInsert> {
  const id = newFileId(ctx)
  const key = newBlobKey(ctx)
  const { bytes, mime, fileType, attributes, owner } = file
  await ctx.app.blobs.put(key, eachOf([bytes]))
  const document: tl.document = {
    _: 'document',
    id: BigInt(id),
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: ctx.now,
    mimeType: mime,
    size: bytes.length,
    dcId: ctx.app.config.dc,
    attributes,
  }
  return {
    id,
    owner,
    date: ctx.now,
    tl: atRest(document),
    mime,
    file_type: fileType,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest(),
    blob_key: key,
    thumbs_key: null,
  }
}

/** Writes a drawn file's bytes; its row goes among those to be written. */
export async function keepDrawn(ctx: Ctx, file: DrawnFile, rows: DocumentInsert[]): Promise<number> {
  const { bytes, mime, side } = file
  const attributes: tl.DocumentAttribute[] = [
    { _: 'documentAttributeImageSize', w: side, h: side },
    { _: 'documentAttributeSticker', alt: file.emoji, stickerset: { _: 'inputStickerSetEmpty' } },
    { _: 'documentAttributeFilename', fileName: file.name },
  ]
  const fileType = mime === 'image/webp' ? 'Webp' : 'Unknown'
  const row = await ownDocument(ctx, { bytes, mime, fileType, attributes, owner: 0 })
  rows.push(row)
  return row.id
}

const known = new WeakMap<App, Map<string, Promise<unknown>>>()

/**
 * Documents that the server makes when somebody asks for them first. What `make` gives (ids, as JSON) is kept as a
 * setting of this name, and the documents with it.
 */
export function drawnOnce<T>(
  ctx: Ctx,
  name: string,
  make: (ctx: Ctx, rows: DocumentInsert[]) => Promise<T>,
): Promise<T> {
  let mine = known.get(ctx.app)
  if (!mine) known.set(ctx.app, (mine = new Map()))
  let made = mine.get(name) as Promise<T> | undefined
  if (!made) {
    made = load(ctx, name, make)
    made.catch(() => known.get(ctx.app)?.delete(name))
    mine.set(name, made)
  }
  return made
}

async function load<T>(ctx: Ctx, name: string, make: (ctx: Ctx, rows: DocumentInsert[]) => Promise<T>): Promise<T> {
  const kept = await setting(ctx, name)
  if (kept !== undefined) return JSON.parse(kept) as T
  const rows: DocumentInsert[] = []
  const made = await make(ctx, rows)
  return ctx.transact(async (tx) => {
    // Another node may have been first.
    const first = await setting(tx, name)
    if (first !== undefined) return JSON.parse(first) as T
    await tx.trx.insertInto('document').values(rows).execute()
    await setSetting(tx, name, JSON.stringify(made))
    return made
  })
}

/** One of them as its viewer may name it. */
export async function viewDrawn(ctx: Ctx, id: number): Promise<tl.Document> {
  const row = await documentRow(ctx, id)
  return row ? viewDocument(ctx, row) : { _: 'documentEmpty', id: BigInt(id) }
}
