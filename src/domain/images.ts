import type { Sharp, SharpOptions } from 'sharp'
import { RpcError } from '../rpc/errors.ts'
import { sniff } from './file-types.ts'

/** One picture made of an image. */
export interface MadeSize {
  /** https://core.telegram.org/api/files#image-thumbnail-types */
  type: string
  w: number
  h: number
  bytes: Buffer
  /** Where the prefixes end that can be shown already, for a progressive JPEG. */
  prefixes?: number[]
}

export interface Pictures {
  sizes: MadeSize[]
  /** Inline thumbnail: a JPEG without its header, which clients know. */
  stripped: Buffer
  /** Of the original, turned upright. */
  w: number
  h: number
}

/** A photo's sides together, and how much longer one may be. https://core.telegram.org/bots/api#sendphoto */
const MAX_SIDES = 10_000
const MAX_RATIO = 20
/** Pixels that are decoded at all. */
const MAX_PIXELS = 50_000_000
/** Seconds one image may take. */
const TIMEOUT = 20
/** Images being worked on at once: each holds one of the threads that files are read with, too. */
const AT_ONCE = 2
/** Calls that wait for their turn. */
const WAITING = 1000

type SharpModule = (input: Uint8Array, options?: SharpOptions) => Sharp
let loaded: Promise<SharpModule> | undefined

/** Loaded at the first image, so that the server starts without it. */
function load(): Promise<SharpModule> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    sharp.concurrency(1)
    return sharp as unknown as SharpModule
  })
  return loaded
}

let busy = 0
const queue: (() => void)[] = []

/**
 * Runs work on an image when its turn comes. Whatever holds an image's bytes is inside of it, so that memory holds few
 * of them, however many are asked for. FLOOD_WAIT_X when too many wait already.
 */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= AT_ONCE) {
    if (queue.length >= WAITING) throw new RpcError('FLOOD_WAIT_%d', 5)
    await new Promise<void>((resolve) => queue.push(resolve))
  } else busy++
  try {
    return await work()
  } finally {
    const next = queue.shift()
    if (next) next()
    else busy--
  }
}

/** Pixels, upright and without an alpha channel, no larger than a box. */
interface Pixels {
  data: Buffer
  w: number
  h: number
  original: { w: number; h: number }
}

/**
 * Decodes an image. PHOTO_EXT_INVALID for what is none, PHOTO_INVALID_DIMENSIONS beyond the bounds of photos,
 * IMAGE_PROCESS_FAILED for a broken one.
 */
async function decode(input: Uint8Array, box: number, photo: boolean): Promise<Pixels> {
  if (!sniff(input).image) throw new RpcError('PHOTO_EXT_INVALID')
  const sharp = await load()
  const image = sharp(input, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true })
  const { width, height } = (await image.metadata().catch(failed)).autoOrient
  const long = Math.max(width, height)
  const short = Math.min(width, height)
  if (photo && (long + short > MAX_SIDES || long / short > MAX_RATIO)) throw new RpcError('PHOTO_INVALID_DIMENSIONS')
  if (width * height > MAX_PIXELS) throw new RpcError('PHOTO_INVALID_DIMENSIONS')
  const { data, info } = await image
    .autoOrient()
    .timeout({ seconds: TIMEOUT })
    .flatten({ background: '#ffffff' })
    .resize(box, box, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(failed)
  return { data, w: info.width, h: info.height, original: { w: width, h: height } }
}

function failed(): never {
  throw new RpcError('IMAGE_PROCESS_FAILED')
}

async function from(pixels: Pixels): Promise<Sharp> {
  const sharp = await load()
  const channels = (pixels.data.length / (pixels.w * pixels.h)) as 1 | 3
  return sharp(pixels.data, { raw: { width: pixels.w, height: pixels.h, channels } }).timeout({ seconds: TIMEOUT })
}

const QUALITY = 85

async function boxed(pixels: Pixels, type: string, box: number, progressive = false): Promise<MadeSize> {
  const { data, info } = await (await from(pixels))
    .resize(box, box, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY, progressive })
    .toBuffer({ resolveWithObject: true })
    .catch(failed)
  const made: MadeSize = { type, w: info.width, h: info.height, bytes: data }
  const prefixes = progressive ? scanEnds(data) : undefined
  return prefixes && prefixes.length > 1 ? { ...made, prefixes } : made
}

async function cropped(pixels: Pixels, type: string, side: number): Promise<MadeSize> {
  const { data, info } = await (await from(pixels))
    .resize(side, side, { fit: 'cover' })
    .jpeg({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true })
    .catch(failed)
  return { type, w: info.width, h: info.height, bytes: data }
}

/** Quality whose quantization tables are those of the header that every client has built in. */
const STRIPPED_QUALITY = 20
const STRIPPED_SIDE = 40

/**
 * The inline thumbnail: a small JPEG of the quality, sampling and Huffman tables that clients know, of which only
 * version, height, width and the scan are left. https://core.telegram.org/api/files#stripped-thumbnails
 */
async function stripped(pixels: Pixels): Promise<Buffer> {
  const { data, info } = await (await from(pixels))
    .resize(STRIPPED_SIDE, STRIPPED_SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .jpeg({ quality: STRIPPED_QUALITY, optimiseCoding: false, chromaSubsampling: '4:2:0' })
    .toBuffer({ resolveWithObject: true })
    .catch(failed)
  const scan = scanStart(data)
  return Buffer.concat([Buffer.from([1, info.height, info.width]), data.subarray(scan, data.length - 2)])
}

/** Walks a JPEG's segments; `visit` gets each marker with where its content begins and ends. */
function segments(jpeg: Buffer, visit: (marker: number, end: number) => boolean): void {
  let at = 2
  for (;;) {
    at = jpeg.indexOf(0xff, at)
    if (at < 0 || at + 4 > jpeg.length) return
    const marker = jpeg[at + 1]!
    // Stuffed zeroes, fill bytes and restart markers belong to the scan.
    if (marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2
      continue
    }
    const end = at + 2 + jpeg.readUInt16BE(at + 2)
    if (!visit(marker, end)) return
    at = end
  }
}

const SOS = 0xda

function scanStart(jpeg: Buffer): number {
  let start = jpeg.length
  segments(jpeg, (marker, end) => {
    if (marker !== SOS) return true
    start = end
    return false
  })
  return start
}

/** Most prefixes that a progressive photo tells of. */
const PREFIXES = 5

/** Where the scans of a progressive JPEG end; a client can show what it has at each of them. */
function scanEnds(jpeg: Buffer): number[] {
  const starts: number[] = []
  segments(jpeg, (marker, end) => {
    if (marker === SOS) starts.push(end)
    return true
  })
  // A scan ends where the next one's header begins; counting that header in does no harm.
  const ends = [...starts.slice(1), jpeg.length]
  if (ends.length <= PREFIXES) return ends
  return Array.from({ length: PREFIXES }, (_, i) => ends[Math.round((i * (ends.length - 1)) / (PREFIXES - 1))]!)
}

const BOXES = [
  ['s', 100],
  ['m', 320],
  ['x', 800],
  ['y', 1280],
  ['w', 2560],
] as const

/**
 * The sizes of a photo in a message: every box that it more than fills, and the first that holds it whole.
 * https://core.telegram.org/api/files#image-thumbnail-types
 */
export async function photoSizes(input: Uint8Array): Promise<Pictures> {
  const pixels = await decode(input, 2560, true)
  const long = Math.max(pixels.w, pixels.h)
  const last = BOXES.find(([, box]) => box >= long)!
  const sizes: MadeSize[] = []
  for (const [type, box] of BOXES) {
    if (box > last[1]) break
    sizes.push(await boxed(pixels, type, box, box === last[1] && box > 320))
  }
  const { w, h } = pixels.original
  return { sizes, stripped: await stripped(pixels), w, h }
}

/** Smallest side of a profile photo. */
const MIN_PROFILE = 160

/** The square sizes of a profile or chat photo; PHOTO_CROP_SIZE_SMALL for what is too small for any. */
export async function profileSizes(input: Uint8Array): Promise<Pictures> {
  const pixels = await decode(input, 1280, false)
  const side = Math.min(pixels.w, pixels.h)
  if (side < MIN_PROFILE) throw new RpcError('PHOTO_CROP_SIZE_SMALL')
  const sizes: MadeSize[] = []
  for (const [type, most] of [
    ['a', 160],
    ['b', 320],
    ['c', 640],
  ] as const) {
    sizes.push(await cropped(pixels, type, Math.min(side, most)))
  }
  const { w, h } = pixels.original
  return { sizes, stripped: await stripped(pixels), w, h }
}

/** The thumbnail of a document, and its inline one. */
export async function thumbSizes(input: Uint8Array): Promise<Pictures> {
  const pixels = await decode(input, 320, false)
  const { w, h } = pixels.original
  return { sizes: [await boxed(pixels, 'm', 320)], stripped: await stripped(pixels), w, h }
}

/** Sides of a ground, and of what stands on it. */
const GROUND = 640
const FIGURE = 384

/** A square of these colours (RGB numbers), from top to bottom, with an image in its middle; the ground alone for none. */
export async function onGround(image: Uint8Array | undefined, colours: readonly number[]): Promise<Buffer> {
  const sharp = await load()
  const stops = colours.map((colour, i) => {
    const at = colours.length === 1 ? 0 : i / (colours.length - 1)
    return `<stop offset="${at}" stop-color="#${colour.toString(16).padStart(6, '0')}"/>`
  })
  const gradient = `<linearGradient id="g" x2="0" y2="1">${stops.join('')}</linearGradient>`
  const sides = `width="${GROUND}" height="${GROUND}"`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${sides}>${gradient}<rect ${sides} fill="url(#g)"/></svg>`
  const ground = sharp(Buffer.from(svg))
  const figure =
    image &&
    (await sharp(image)
      .resize(FIGURE, FIGURE, { fit: 'inside' })
      .png()
      .toBuffer()
      .catch(() => undefined))
  return (figure ? ground.composite([{ input: figure }]) : ground).png().toBuffer()
}

/** An image's own sides, and how many pictures it has; undefined for a broken one. */
export async function imageFacts(input: Uint8Array): Promise<{ w: number; h: number; pages: number } | undefined> {
  const sharp = await load()
  const found = await sharp(input, { limitInputPixels: MAX_PIXELS })
    .metadata()
    .catch(() => undefined)
  return found && { w: found.width, h: found.height, pages: found.pages ?? 1 }
}

/** The same image as WebP, transparent where it was; undefined for a broken one. */
export async function asWebp(input: Uint8Array): Promise<Buffer | undefined> {
  const sharp = await load()
  return sharp(input, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .timeout({ seconds: TIMEOUT })
    .webp({ quality: 90, alphaQuality: 100 })
    .toBuffer()
    .catch(() => undefined)
}
