import { gzipSync } from 'node:zlib'
import { picture, uploadDocument } from '../../../test/harness/files.ts'
import type { Person } from '../../../test/harness/index.ts'
import { lottie } from '../../domain/drawn-documents.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Bytes that are taken for stickers, and such as are nearly so. */
export const FILES = {
  webp: (w = 512, h = 512) => picture(w, h, 'webp'),
  png: (w = 512, h = 512) => picture(w, h, 'png'),
  tgs: () => lottie(1, 10, 100, false),
  /** An animation with other numbers in its head. */
  tgsWith: (head: Record<string, unknown>) => {
    const file = { tgs: 1, v: '5.5.2', fr: 60, ip: 0, op: 60, w: 512, h: 512, layers: [{}], ...head }
    return gzipSync(JSON.stringify(file))
  },
  webm,
}

/** One element of a WebM file. */
function element(id: number, ...content: (Buffer | number | string)[]): Buffer {
  const body = Buffer.concat(
    content.map((part) =>
      typeof part === 'string' ? Buffer.from(part) : typeof part === 'number' ? number(part) : part,
    ),
  )
  const hex = id.toString(16)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(body.length + 0x10000000)
  return Buffer.concat([Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'), size, body])
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}

/** The head of a WebM file, as a muxer writes it. */
function webm({ w = 512, h = 512, seconds = 2, codec = 'V_VP9', audio = false, docType = 'webm' } = {}): Buffer {
  const track = element(
    0xae,
    element(0xd7, 1),
    element(0x83, 1),
    element(0x86, codec),
    element(0xe0, element(0xb0, w), element(0xba, h)),
  )
  const sound = audio ? [element(0xae, element(0xd7, 2), element(0x83, 2), element(0x86, 'A_OPUS'))] : []
  const info = element(0x1549a966, element(0x2ad7b1, 1_000_000), element(0x4489, double(seconds * 1000)))
  const tracks = element(0x1654ae6b, track, ...sound)
  return Buffer.concat([
    element(0x1a45dfa3, element(0x4286, 1), element(0x4282, docType)),
    element(0x18538067, element(0xec, 'void'), info, tracks, element(0x1f43b675, element(0xa3, 'frame'))),
  ])
}

/** A document as clients name it. */
export const named = (document: tl.Document): tl.inputDocument => {
  const { id, accessHash, fileReference } = document as tl.document
  return { _: 'inputDocument', id, accessHash, fileReference }
}

/** A sticker to be, of these bytes. */
export async function item(
  who: Person,
  bytes: Buffer,
  more: Partial<tl.inputStickerSetItem> = {},
): Promise<tl.inputStickerSetItem> {
  const document = named(await uploadDocument(who, bytes))
  return { _: 'inputStickerSetItem', document, emoji: '😀', ...more }
}

let names = 0

/** A set of somebody's, by default of one still sticker. */
export async function makeSet(
  who: Person,
  more: Partial<tl.Methods['stickers.createStickerSet']['params']> = {},
): Promise<tl.messages_stickerSet> {
  const side = more.emojis ? 100 : 512
  const set = await who.call('stickers.createStickerSet', {
    userId: { _: 'inputUserSelf' },
    title: 'Cats',
    shortName: `cats_${++names}`,
    stickers: more.stickers ?? [await item(who, await FILES.webp(side, side))],
    ...more,
  })
  return set as tl.messages_stickerSet
}

/** A set by the name that everybody knows it under. */
export const byName = ({ set }: tl.messages_stickerSet): tl.inputStickerSetShortName => {
  return { _: 'inputStickerSetShortName', shortName: set.shortName }
}

/** A set as somebody sees it. */
export async function seen(who: Person, set: tl.messages_stickerSet): Promise<tl.messages_stickerSet> {
  return (await who.call('messages.getStickerSet', { stickerset: byName(set), hash: 0 })) as tl.messages_stickerSet
}
