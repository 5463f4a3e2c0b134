import { inTurns, ProviderError } from './http.ts'

const TIMEOUT = 10_000
/** Largest picture that is taken, bytes, and how many are kept: maps do not change from one minute to the next. */
const LARGEST = 2 * 1024 * 1024
const KEPT = 64

/** A place and how it is to be shown: degrees, pixels, and how many of them make one of the client's. */
export interface MapView {
  lat: number
  long: number
  w: number
  h: number
  zoom: number
  scale: number
}

export interface Mapper {
  /** A picture of the surroundings of a place. @throws ProviderError */
  picture(view: MapView): Promise<Buffer>
}

/** What an address of maps has in the places of these words. */
const WORDS: readonly (keyof MapView)[] = ['lat', 'long', 'w', 'h', 'zoom', 'scale']

/** A server of still maps: its address with {lat}, {long}, {zoom}, {w}, {h} and {scale} where they belong. */
export function stillMaps(address: string, timeout = TIMEOUT): Mapper {
  const turn = inTurns(8, 64)
  const kept = new Map<string, Buffer>()
  return {
    async picture(view) {
      const url = WORDS.reduce((text, word) => text.replaceAll(`{${word}}`, String(view[word])), address)
      const known = kept.get(url)
      if (known) return known
      const bytes = await turn(() => get(url, timeout))
      kept.set(url, bytes)
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
      return bytes
    },
  }
}

async function get(url: string, timeout: number): Promise<Buffer> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) })
    if (!response.ok) throw new ProviderError('failed', `answered ${response.status}`)
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      if (size > LARGEST) throw new ProviderError('failed', 'the picture is too large')
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof ProviderError) throw error
    throw new ProviderError('failed', (error as Error).message)
  }
}
