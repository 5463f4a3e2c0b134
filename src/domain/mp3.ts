const BITRATES: Record<'1' | '2', readonly number[]> = {
  '1': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const RATES = [44_100, 48_000, 32_000]

/**
 * How long an MP3 plays, in seconds, counted frame by frame; undefined for what is none. For small files: it walks over
 * all of the bytes.
 */
export function mp3Duration(bytes: Uint8Array): number | undefined {
  let at = id3Length(bytes)
  let seconds = 0
  let frames = 0
  while (at + 4 <= bytes.length) {
    const frame = frameAt(bytes, at)
    if (!frame) break
    seconds += frame.seconds
    frames++
    at += frame.length
  }
  return frames > 1 ? seconds : undefined
}

/** A tag in front of the sound, whose length is written in sevens of bits. */
function id3Length(bytes: Uint8Array): number {
  if (bytes.length < 10 || bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33) return 0
  return 10 + ((bytes[6]! << 21) | (bytes[7]! << 14) | (bytes[8]! << 7) | bytes[9]!)
}

function frameAt(bytes: Uint8Array, at: number): { length: number; seconds: number } | undefined {
  const [a, b, c] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!]
  const version = (b >> 3) & 3
  // Sync, a version that exists, layer III.
  if (a !== 0xff || (b & 0xe0) !== 0xe0 || version === 1 || ((b >> 1) & 3) !== 1) return undefined
  const bitrate = BITRATES[version === 3 ? '1' : '2'][c >> 4]
  const rate = RATES[(c >> 2) & 3]
  if (!bitrate || !rate) return undefined
  const hertz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4
  const samples = version === 3 ? 1152 : 576
  return { length: Math.floor(((samples / 8) * bitrate * 1000) / hertz) + ((c >> 1) & 1), seconds: samples / hertz }
}
