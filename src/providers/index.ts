import { type Transcriber, whisper } from './transcribe.ts'
import { libreTranslate, type Translator } from './translate.ts'

export { ProviderError } from './http.ts'
export type { Transcriber, Translator }

/** What other programs do for the server's clients, where the operator has named one. */
export interface Providers {
  translator: Translator | undefined
  transcriber: Transcriber | undefined
}

export function createProviders(config: {
  translateUrl?: string | undefined
  transcribeUrl?: string | undefined
}): Providers {
  return {
    translator: config.translateUrl === undefined ? undefined : libreTranslate(config.translateUrl),
    transcriber: config.transcribeUrl === undefined ? undefined : whisper(config.transcribeUrl),
  }
}
