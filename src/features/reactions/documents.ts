import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Insertable } from 'kysely'
import { documentRow, newBlobKey, newFileId, viewDocument } from '../../domain/files.ts'
import { atRest } from '../../domain/message-view.ts'
import { eachOf } from '../../domain/photos.ts'
import { setSetting, setting } from '../../domain/settings.ts'
import { STANDARD_REACTIONS } from '../../domain/standard-reactions.ts'
import type { App } from '../../rpc/app.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

/*
 * Clients draw a reaction out of documents: a still picture and animations (Lottie, gzipped) of how it comes, is
 * chosen, and bursts. DEVIATES: Telegram has artists' emoji there; what comes with this server is a disc in a colour
 * of the reaction's own, made once and kept as documents like any other, which an operator may replace.
 */

/** Under this name the server keeps which documents they are. */
const SETTING = 'reactions.documents'

/** Ids of one reaction's documents. */
interface Drawn {
  icon: number
  animation: number
}

interface Made {
  reactions: Record<string, Drawn>
  burst: number
}

const SIDE = 512
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

/** A disc that grows from one size to another; with `fades` it disappears meanwhile. */
function lottie(i: number, from: number, to: number, fades: boolean): Buffer {
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

async function icon(i: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const [r, g, b] = rgb(i).map((c) => Math.round(c * 255))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><circle cx="50" cy="50" r="43" fill="rgb(${r},${g},${b})"/></svg>`
  return sharp(Buffer.from(svg)).webp({ quality: 80 }).toBuffer()
}

interface File {
  name: string
  mime: string
  side: number
  emoji: string
  bytes: Buffer
}

type Row = Insertable<Tables['document']>

/** Writes a file's bytes; its row goes among those to be written. */
async function keep(ctx: Ctx, file: File, rows: Row[]): Promise<number> {
  const id = newFileId(ctx)
  const key = newBlobKey(ctx)
  const { bytes, side } = file
  await ctx.app.blobs.put(key, eachOf([bytes]))
  const document: tl.document = {
    _: 'document',
    id: BigInt(id),
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: ctx.now,
    mimeType: file.mime,
    size: bytes.length,
    dcId: ctx.app.config.dc,
    attributes: [
      { _: 'documentAttributeImageSize', w: side, h: side },
      { _: 'documentAttributeSticker', alt: file.emoji, stickerset: { _: 'inputStickerSetEmpty' } },
      { _: 'documentAttributeFilename', fileName: file.name },
    ],
  }
  rows.push({
    id,
    owner: 0,
    date: ctx.now,
    tl: atRest(document),
    mime: file.mime,
    file_type: file.mime === 'image/webp' ? 'Webp' : 'Unknown',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest(),
    blob_key: key,
    thumbs_key: null,
  })
  return id
}

async function make(ctx: Ctx, rows: Row[]): Promise<Made> {
  const reactions: Record<string, Drawn> = {}
  const tgs = { name: 'AnimatedSticker.tgs', mime: 'application/x-tgsticker', side: SIDE }
  for (const [i, [emoji]] of STANDARD_REACTIONS.entries()) {
    const still = { name: 'sticker.webp', mime: 'image/webp', side: 100, emoji, bytes: await icon(i) }
    const moving = { ...tgs, emoji, bytes: lottie(i, 20, 100, false) }
    reactions[emoji] = { icon: await keep(ctx, still, rows), animation: await keep(ctx, moving, rows) }
  }
  return { reactions, burst: await keep(ctx, { ...tgs, emoji: '✨', bytes: lottie(0, 60, 110, true) }, rows) }
}

const known = new WeakMap<App, Promise<Made>>()

async function load(ctx: Ctx): Promise<Made> {
  const kept = await setting(ctx, SETTING)
  if (kept !== undefined) return JSON.parse(kept) as Made
  const rows: Row[] = []
  const made = await make(ctx, rows)
  return ctx.transact(async (tx) => {
    // Another node may have been first.
    const first = await setting(tx, SETTING)
    if (first !== undefined) return JSON.parse(first) as Made
    await tx.trx.insertInto('document').values(rows).execute()
    await setSetting(tx, SETTING, JSON.stringify(made))
    return made
  })
}

/** What the reactions are drawn with; made when somebody asks for it first. */
function documents(ctx: Ctx): Promise<Made> {
  let made = known.get(ctx.app)
  if (!made) {
    made = load(ctx)
    made.catch(() => known.delete(ctx.app))
    known.set(ctx.app, made)
  }
  return made
}

/** https://core.telegram.org/constructor/availableReaction */
export async function availableReactions(ctx: Ctx): Promise<tl.AvailableReaction[]> {
  const { reactions, burst } = await documents(ctx)
  const view = async (id: number): Promise<tl.Document> => {
    const row = await documentRow(ctx, id)
    return row ? viewDocument(ctx, row) : { _: 'documentEmpty', id: BigInt(id) }
  }
  const around = await view(burst)
  const all: tl.AvailableReaction[] = []
  for (const [emoji, title] of STANDARD_REACTIONS) {
    const drawn = reactions[emoji]
    if (!drawn) continue
    const animation = await view(drawn.animation)
    all.push({
      _: 'availableReaction',
      reaction: emoji,
      title,
      staticIcon: await view(drawn.icon),
      appearAnimation: animation,
      selectAnimation: animation,
      activateAnimation: animation,
      effectAnimation: around,
      aroundAnimation: around,
      centerIcon: animation,
    })
  }
  return all
}
