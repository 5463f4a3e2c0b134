import { inTurns, ProviderError, post } from './http.ts'

const TIMEOUT = 20_000

export interface Translator {
  /** Translates pieces of HTML, keeping their tags. @throws ProviderError, `refused` for an unknown language */
  translate(pieces: readonly string[], to: string): Promise<string[]>
}

/**
 * LibreTranslate, or anything that speaks its protocol: POST /translate of `{q, source, target, format, api_key}`. The
 * key is the `api_key` of the address, where it has one. https://docs.libretranslate.com/api/operations/translate/
 */
export function libreTranslate(address: string, timeout = TIMEOUT): Translator {
  const url = new URL(address)
  const apiKey = url.searchParams.get('api_key') ?? undefined
  url.search = ''
  if (!url.pathname.endsWith('/translate')) url.pathname = `${url.pathname.replace(/\/$/, '')}/translate`
  const turn = inTurns(8, 256)
  const ask = async (pieces: readonly string[], target: string): Promise<string[]> => {
    const body = JSON.stringify({ q: pieces, source: 'auto', target, format: 'html', api_key: apiKey })
    const answer = await turn(() => post(url, body, { 'content-type': 'application/json' }, timeout))
    const texts = (answer as { translatedText?: unknown } | null)?.translatedText
    if (!Array.isArray(texts) || texts.length !== pieces.length || texts.some((t) => typeof t !== 'string')) {
      throw new ProviderError('failed', 'the answer holds no translations')
    }
    return texts
  }
  return {
    async translate(pieces, to) {
      const [base] = to.split('-') as [string]
      try {
        return await ask(pieces, to)
      } catch (error) {
        // `de-AT` where only `de` is known.
        if (base === to || !(error instanceof ProviderError) || error.reason !== 'refused') throw error
        return ask(pieces, base)
      }
    },
  }
}
