import type * as tl from '../tl/gen/types.ts'

/** The end of a storage.FileType's name. */
export type FileType = 'Unknown' | 'Jpeg' | 'Gif' | 'Png' | 'Mp3' | 'Mov' | 'Mp4' | 'Webp'

/** What the first bytes of a file say it is. */
export interface Sniffed {
  type: FileType
  mime: string | undefined
  /** An image that pictures can be made of. */
  image: boolean
}

const none: Sniffed = { type: 'Unknown', mime: undefined, image: false }
const image = (type: FileType, mime: string): Sniffed => ({ type, mime, image: true })
const other = (type: FileType, mime: string): Sniffed => ({ type, mime, image: false })

/** How many bytes from the beginning are enough to tell. */
export const HEAD = 64

/** Tells a file's kind by its content, never by its name. https://core.telegram.org/type/storage.FileType */
export function sniff(head: Uint8Array): Sniffed {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD)).toString('latin1')
  if (text.startsWith('\xff\xd8\xff')) return image('Jpeg', 'image/jpeg')
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return image('Png', 'image/png')
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return image('Gif', 'image/gif')
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return image('Webp', 'image/webp')
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return image('Unknown', 'image/tiff')
  if (text.slice(4, 8) === 'ftyp') {
    const brand = text.slice(8, 12)
    if (brand === 'avif' || brand === 'avis') return image('Unknown', 'image/avif')
    if (brand === 'qt  ') return other('Mov', 'video/quicktime')
    if (brand === 'M4A ' || brand === 'M4B ') return other('Mp4', 'audio/mp4')
    if (/^(hei|hev|mif1|msf1)/.test(brand)) return other('Unknown', 'image/heic')
    return other('Mp4', 'video/mp4')
  }
  if (text.startsWith('ID3') || isMp3Frame(head)) return other('Mp3', 'audio/mpeg')
  if (text.startsWith('OggS')) return other('Unknown', 'audio/ogg')
  if (text.startsWith('%PDF-')) return other('Unknown', 'application/pdf')
  return none
}

/** An MPEG audio frame: eleven bits of sync, layer III, a bitrate and a rate that exist. */
function isMp3Frame(head: Uint8Array): boolean {
  if (head.length < 4 || head[0] !== 0xff) return false
  const [, b, c] = head as unknown as [number, number, number]
  return (b & 0xe6) === 0xe2 && c >> 4 !== 0 && c >> 4 !== 15 && (c & 0x0c) !== 0x0c
}

/** https://core.telegram.org/type/storage.FileType */
export function storageType(type: string): tl.storage_FileType {
  return { _: `storage.file${type}` } as tl.storage_FileType
}
