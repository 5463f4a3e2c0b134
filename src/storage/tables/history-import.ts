/** The history of another application on its way into a chat. */
export interface HistoryImportTable {
  owner: number
  id: number
  peer: number
  /** Where the export is kept. */
  blob_key: string
  /** Messages in it, and how many of them are in the chat. */
  total: number
  done: number
  media_count: number
  /** 0: files may still be uploaded; 1: being imported. */
  started: number
}

/** A file of an export. */
export interface HistoryImportMediaTable {
  import_id: number
  file_name: string
  /** TL MessageMedia. */
  tl: Uint8Array
}

declare module './index.ts' {
  interface Tables {
    history_import: HistoryImportTable
    history_import_media: HistoryImportMediaTable
  }
}
