/** What an MPEG4 says of its picture: sides in pixels, duration in seconds (0 where it says none). */
export interface Mp4Video {
  w: number
  h: number
  duration: number
}

/** Boxes of an MPEG4 that are looked at. */
const MAX_BOXES = 1000

/** The sides are those of the last track header that has any; undefined when none says. ISO/IEC 14496-12, 8.2 and 8.3. */
export function mp4Video(bytes: Buffer): Mp4Video | undefined {
  let sides: { w: number; h: number } | undefined
  let duration = 0
  let left = MAX_BOXES
  const walk = (from: number, to: number, depth: number): void => {
    let at = from
    while (at + 8 <= to && left-- > 0) {
      let size = bytes.readUInt32BE(at)
      let body = at + 8
      if (size === 1 && at + 16 <= to) {
        size = Number(bytes.readBigUInt64BE(at + 8))
        body = at + 16
      } else if (size === 0) size = to - at
      const end = at + size
      if (size < 8 || end > to) return
      const type = bytes.toString('latin1', at + 4, at + 8)
      if ((type === 'moov' || type === 'trak') && depth < 3) walk(body, end, depth + 1)
      if (type === 'mvhd' && end - body >= 32) duration = seconds(bytes.subarray(body, end))
      if (type === 'tkhd' && end - body >= 84) {
        const w = bytes.readUInt32BE(end - 8) >>> 16
        const h = bytes.readUInt32BE(end - 4) >>> 16
        if (w > 0 && h > 0) sides = { w, h }
      }
      at = end
    }
  }
  walk(0, bytes.length, 0)
  return sides && { ...sides, duration }
}

/** Of a movie header, whose times are of 32 or, in its version 1, of 64 bits. */
function seconds(mvhd: Buffer): number {
  const long = mvhd[0] === 1
  const scale = mvhd.readUInt32BE(long ? 20 : 12)
  const units = long ? Number(mvhd.readBigUInt64BE(24)) : mvhd.readUInt32BE(16)
  // All bits set is how a duration is said to be unknown.
  if (scale === 0 || units === 0xffffffff || units > Number.MAX_SAFE_INTEGER) return 0
  return units / scale
}
