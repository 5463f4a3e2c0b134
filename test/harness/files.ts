import { createHash, randomBytes } from 'node:crypto'
import type * as tl from '../../src/tl/gen/types.ts'
import type { Device, Person } from './person.ts'

type Caller = Pick<Person | Device, 'call'>

export const newFileId = (): bigint => randomBytes(8).readBigInt64LE()

/** Uploads bytes as a client does: in parts, small files with their MD5. */
export async function upload(
  who: Caller,
  bytes: Uint8Array,
  { name = 'file.bin', partSize = 512 * 1024, big = bytes.length > 10 * 1024 * 1024, id = newFileId() } = {},
): Promise<tl.InputFile> {
  const parts = Math.max(1, Math.ceil(bytes.length / partSize))
  for (let i = 0; i < parts; i++) {
    const part = bytes.subarray(i * partSize, (i + 1) * partSize)
    if (big) await who.call('upload.saveBigFilePart', { fileId: id, filePart: i, fileTotalParts: parts, bytes: part })
    else await who.call('upload.saveFilePart', { fileId: id, filePart: i, bytes: part })
  }
  if (big) return { _: 'inputFileBig', id, parts, name }
  return { _: 'inputFile', id, parts, name, md5Checksum: createHash('md5').update(bytes).digest('hex') }
}

/** A picture with something in it, as a file. */
export async function picture(
  w: number,
  h: number,
  format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' = 'jpeg',
): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const dot = Buffer.from(
    `<svg width="${w}" height="${h}"><rect width="100%" height="50%" fill="#d33"/>
    <circle cx="${w / 2}" cy="${h / 2}" r="${Math.min(w, h) / 3}" fill="#3a6"/></svg>`,
  )
  return sharp({ create: { width: w, height: h, channels: 3, background: '#246' } })
    .composite([{ input: dot }])
    .toFormat(format)
    .toBuffer()
}

/** As much of an MPEG4 as says how large its picture is and how many seconds it lasts. */
export function movie(w: number, h: number, seconds = 0): Buffer {
  const box = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(8 + body.length)
    head.write(type, 4, 'latin1')
    return Buffer.concat([head, body])
  }
  const mvhd = Buffer.alloc(100)
  mvhd.writeUInt32BE(600, 12)
  mvhd.writeUInt32BE(600 * seconds, 16)
  const tkhd = Buffer.alloc(84)
  tkhd.writeUInt32BE(w << 16, 76)
  tkhd.writeUInt32BE(h << 16, 80)
  const moov = box('moov', box('mvhd', mvhd), box('trak', box('tkhd', tkhd)))
  return Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), moov])
}

/** Uploads a document through messages.uploadMedia into the caller's own saved messages. */
export async function uploadDocument(
  who: Caller,
  bytes: Uint8Array,
  options: Partial<Omit<tl.inputMediaUploadedDocument, '_' | 'file'>> & { name?: string } = {},
): Promise<tl.document> {
  const { name, ...rest } = options
  const file = await upload(who, bytes, name === undefined ? {} : { name })
  const media = await who.call('messages.uploadMedia', {
    peer: { _: 'inputPeerSelf' },
    media: {
      _: 'inputMediaUploadedDocument',
      file,
      mimeType: 'application/octet-stream',
      attributes: [],
      ...rest,
    },
  })
  return (media as tl.messageMediaDocument).document as tl.document
}

/** Uploads a photo through messages.uploadMedia into the caller's own saved messages. */
export async function uploadPhoto(who: Caller, bytes: Uint8Array): Promise<tl.photo> {
  const file = await upload(who, bytes, { name: 'photo.jpg' })
  const media = await who.call('messages.uploadMedia', {
    peer: { _: 'inputPeerSelf' },
    media: { _: 'inputMediaUploadedPhoto', file },
  })
  return (media as tl.messageMediaPhoto).photo as tl.photo
}

/** Downloads a whole file as a client does, part by part until one is short. */
export async function download(who: Caller, location: tl.InputFileLocation, limit = 512 * 1024): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for (let offset = 0; ; offset += limit) {
    const part = await who.call('upload.getFile', { location, offset, limit })
    const { bytes } = part as tl.upload_file
    chunks.push(bytes)
    if (bytes.length < limit) return Buffer.concat(chunks)
  }
}

export const documentLocation = (document: tl.document, thumbSize = ''): tl.inputDocumentFileLocation => ({
  _: 'inputDocumentFileLocation',
  id: document.id,
  accessHash: document.accessHash,
  fileReference: document.fileReference,
  thumbSize,
})

export const photoLocation = (photo: tl.photo, thumbSize: string): tl.inputPhotoFileLocation => ({
  _: 'inputPhotoFileLocation',
  id: photo.id,
  accessHash: photo.accessHash,
  fileReference: photo.fileReference,
  thumbSize,
})
