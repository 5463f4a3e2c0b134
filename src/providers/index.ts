import { type Mapper, type MapView, stillMaps } from './maps.ts'
import { type Transcriber, whisper } from './transcribe.ts'
import { libreTranslate, type Translator } from './translate.ts'

export { ProviderError } from './http.ts'
export type { Mapper, MapView, Transcriber, Translator }

/** What other programs do for the server's clients, where the operator has named one. */
export interface Providers {
  translator: Translator | undefined
  transcriber: Transcriber | undefined
  mapper: Mapper | undefined
}

export function createProviders(config: {
  translateUrl?: string | undefined
  transcribeUrl?: string | undefined
  mapUrl?: string | undefined
}): Providers {
  return {
    translator: config.translateUrl === undefined ? undefined : libreTranslate(config.translateUrl),
    transcriber: config.transcribeUrl === undefined ? undefined : whisper(config.transcribeUrl),
    mapper: config.mapUrl === undefined ? undefined : stillMaps(config.mapUrl),
  }
}
