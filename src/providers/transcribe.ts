import { inTurns, ProviderError, post } from './http.ts'

/** Below the lease of the job that waits for it, ms. */
const TIMEOUT = 50_000

export interface Transcriber {
  /** What is said in a recording. @throws ProviderError */
  transcribe(recording: Uint8Array, name: string, mime: string): Promise<string>
}

/**
 * The server of whisper.cpp, or anything that speaks its protocol: a multipart POST of `file` and `response_format`,
 * answered with `{text}`. It reads other files than WAV when it was started with --convert.
 * https://github.com/ggml-org/whisper.cpp/tree/master/examples/server
 */
export function whisper(address: string, timeout = TIMEOUT): Transcriber {
  const url = new URL(address)
  if (url.pathname === '/') url.pathname = '/inference'
  const turn = inTurns(2, 256)
  return {
    async transcribe(recording, name, mime) {
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(recording)], { type: mime }), name)
      form.set('response_format', 'json')
      const answer = (await turn(() => post(url, form, {}, timeout))) as { text?: unknown; error?: unknown } | null
      if (typeof answer?.text !== 'string') throw new ProviderError('failed', 'the answer holds no text')
      return answer.text.trim()
    },
  }
}
