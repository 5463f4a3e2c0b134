import type * as tl from '../tl/gen/types.ts'

interface Claims {
  attributes: readonly tl.DocumentAttribute[]
  forceFile?: boolean | undefined
  nosoundVideo?: boolean | undefined
}

interface Known {
  mime: string
  /** The name the file was uploaded under. */
  name: string
  /** The image's own sides, where it is one. */
  sides?: { w: number; h: number } | undefined
}

/** Bounds of texts and numbers that clients give. */
const NAME = 255
const TEXT = 255
const SIDE = 16_384
const DURATION = 10 * 366 * 86_400
/** A hundred samples of five bits. https://core.telegram.org/constructor/documentAttributeAudio */
const WAVEFORM = 63

/**
 * A document's attributes as its uploader may have them: one of each kind, within bounds. What makes a sticker or a
 * custom emoji is not the uploader's to say. https://core.telegram.org/type/DocumentAttribute
 */
export function sanitize(claims: Claims, known: Known): tl.DocumentAttribute[] {
  const out = new Map<string, tl.DocumentAttribute>()
  for (const attribute of claims.attributes) {
    if (out.has(attribute._)) continue
    const kept = one(attribute, claims, known)
    if (kept) out.set(kept._, kept)
  }
  if (known.sides) out.set('documentAttributeImageSize', { _: 'documentAttributeImageSize', ...sidesOf(known.sides) })
  const name = fileName(known.name)
  const named = ['documentAttributeFilename', 'documentAttributeVideo', 'documentAttributeAudio']
  if (name && !named.some((kind) => out.has(kind))) {
    out.set('documentAttributeFilename', { _: 'documentAttributeFilename', fileName: name })
  }
  return [...out.values()]
}

function one(
  attribute: tl.DocumentAttribute,
  { forceFile, nosoundVideo }: Claims,
  { mime }: Known,
): tl.DocumentAttribute | undefined {
  switch (attribute._) {
    case 'documentAttributeFilename': {
      const name = fileName(attribute.fileName)
      return name ? { _: 'documentAttributeFilename', fileName: name } : undefined
    }
    case 'documentAttributeImageSize':
      return { _: 'documentAttributeImageSize', ...sidesOf(attribute) }
    case 'documentAttributeAnimated':
      return !forceFile && (mime === 'image/gif' || mime === 'video/mp4') ? { _: attribute._ } : undefined
    case 'documentAttributeVideo':
      return forceFile ? undefined : video(attribute, nosoundVideo === true)
    case 'documentAttributeAudio':
      return forceFile && attribute.voice ? undefined : audio(attribute)
    default:
      return undefined
  }
}

function video(given: tl.documentAttributeVideo, nosound: boolean): tl.documentAttributeVideo {
  const flag = (value: boolean | undefined): true | undefined => (value ? true : undefined)
  return {
    _: 'documentAttributeVideo',
    roundMessage: flag(given.roundMessage),
    supportsStreaming: flag(given.supportsStreaming),
    nosound: flag(nosound || given.nosound),
    duration: Number.isFinite(given.duration) ? Math.min(DURATION, Math.max(0, given.duration)) : 0,
    ...sidesOf(given),
    videoCodec: given.videoCodec === undefined ? undefined : text(given.videoCodec, 32),
    videoStartTs: startOf(given.videoStartTs),
  }
}

const startOf = (ts: number | undefined) => (ts !== undefined && ts >= 0 && ts <= DURATION ? ts : undefined)

function audio(given: tl.documentAttributeAudio): tl.documentAttributeAudio {
  const { waveform } = given
  return {
    _: 'documentAttributeAudio',
    voice: given.voice ? true : undefined,
    duration: Math.min(DURATION, Math.max(0, given.duration)),
    title: given.title === undefined || given.voice ? undefined : text(given.title, TEXT),
    performer: given.performer === undefined || given.voice ? undefined : text(given.performer, TEXT),
    waveform: waveform && waveform.length <= WAVEFORM ? waveform : undefined,
  }
}

function sidesOf({ w, h }: { w: number; h: number }): { w: number; h: number } {
  const within = (side: number) => Math.min(SIDE, Math.max(0, side))
  return { w: within(w), h: within(h) }
}

/** Without what a path or a screen would stumble over: separators, control and direction characters. */
function fileName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const clean = name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').replace(/[/\\]/g, '_')
  return text(clean.trim(), NAME)
}

/** Cut to so many UTF-16 units, never inside a character. */
function text(value: string, most: number): string {
  return value.length <= most ? value : value.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}
