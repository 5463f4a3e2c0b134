/** Chats whose owner does not want to be offered translations of. */
export interface TranslationSettingTable {
  owner: number
  peer: number
}

/** What was said in a recording, by its document: written down once for everybody. */
export interface TranscriptionTable {
  document_id: number
  /** TRANSCRIPTION in domain/transcriptions.ts. */
  state: number
  text: string
  date: number
}

/** Who wants to be told of a transcription, and who has; their number for it is the row's. */
export interface TranscriptionUseTable {
  owner: number
  id: number
  document_id: number
  peer: number
  message_id: number
  /** 0 where it does not count for the trial. */
  date: number
  /** 1 good, 0 bad, null while nobody said. */
  rating: number | null
}

declare module './index.ts' {
  interface Tables {
    translation_setting: TranslationSettingTable
    transcription: TranscriptionTable
    transcription_use: TranscriptionUseTable
  }
}
