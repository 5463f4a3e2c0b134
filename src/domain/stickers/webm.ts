/** What a WebM file says of itself. */
export interface Webm {
  /** What its pictures are made with, `V_VP9`. */
  codec: string
  w: number
  h: number
  /** Seconds. */
  duration: number
  /** Pictures a second, where that is said. */
  rate: number | undefined
  audio: boolean
}

/** Elements that are looked into, and those whose content is read. https://www.matroska.org/technical/elements.html */
const ID = {
  header: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  scale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  track: 0xae,
  type: 0x83,
  codec: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  width: 0xb0,
  height: 0xba,
} as const
const PARENTS: ReadonlySet<number> = new Set([ID.header, ID.segment, ID.info, ID.tracks, ID.track, ID.video])
/** Elements that are looked at in one file. */
const MOST = 10_000

interface Track {
  type: number
  codec: string
  w: number
  h: number
  nanoseconds: number
}

/** Reads the headers of a WebM file with one track of pictures; undefined for what is none. */
export function readWebm(bytes: Buffer): Webm | undefined {
  let docType = ''
  let scale = 1_000_000
  let ticks = 0
  const tracks: Track[] = []
  for (const { id, content } of elements(bytes)) {
    const track = tracks.at(-1)
    if (id === ID.track) tracks.push({ type: 0, codec: '', w: 0, h: 0, nanoseconds: 0 })
    else if (id === ID.docType) docType = content.toString('latin1').replace(/\0+$/, '')
    else if (id === ID.scale) scale = uint(content)
    else if (id === ID.duration) ticks = float(content)
    else if (!track) continue
    else if (id === ID.type) track.type = uint(content)
    else if (id === ID.codec) track.codec = content.toString('latin1').replace(/\0+$/, '')
    else if (id === ID.defaultDuration) track.nanoseconds = uint(content)
    else if (id === ID.width) track.w = uint(content)
    else if (id === ID.height) track.h = uint(content)
  }
  const pictures = tracks.filter((t) => t.type === 1)
  const [track] = pictures
  const duration = (ticks * scale) / 1e9
  if (docType !== 'webm' || !track || pictures.length > 1 || !(duration > 0)) return undefined
  const { codec, w, h, nanoseconds } = track
  const audio = tracks.some((t) => t.type === 2)
  return { codec, w, h, duration, rate: nanoseconds > 0 ? 1e9 / nanoseconds : undefined, audio }
}

/** Walks over a file's elements: into those that hold others, over the content of the rest. */
function* elements(bytes: Buffer): Generator<{ id: number; content: Buffer }> {
  let at = 0
  for (let n = 0; n < MOST && at < bytes.length; n++) {
    const idLength = Math.clz32(bytes[at]!) - 23
    if (idLength < 1 || idLength > 4 || at + idLength >= bytes.length) return
    const id = bytes.readUIntBE(at, idLength)
    at += idLength
    const length = Math.clz32(bytes[at]!) - 23
    if (length < 1 || length > 8 || at + length > bytes.length) return
    let size = bytes[at]! & (0xff >> length)
    // All ones: as long as what it is in.
    let open = size === 0xff >> length
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i]!
      open &&= byte === 0xff
      size = size * 256 + byte
    }
    at += length
    if (PARENTS.has(id)) {
      yield { id, content: bytes.subarray(at, at) }
      continue
    }
    if (open || at + size > bytes.length) return
    yield { id, content: bytes.subarray(at, at + size) }
    at += size
  }
}

const uint = (content: Buffer): number =>
  content.length > 0 && content.length <= 6 ? content.readUIntBE(0, content.length) : 0

const float = (content: Buffer): number =>
  content.length === 4 ? content.readFloatBE(0) : content.length === 8 ? content.readDoubleBE(0) : 0
