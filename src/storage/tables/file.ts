import type { Generated } from 'kysely'

/** A photo as it can be shown: its sizes are blobs named by (id, size type). */
export interface PhotoTable {
  id: number
  /** Who uploaded it. */
  owner: number
  date: number
  /** TL Photo, access hash and file reference left empty. */
  tl: Uint8Array
  /** Inline thumbnail that UserProfilePhoto and ChatPhoto carry. */
  stripped: Uint8Array | null
  has_video: Generated<number>
}

/** A document. Its bytes are the blob `blob_key`, shared by all documents with the same content. */
export interface DocumentTable {
  id: number
  owner: number
  date: number
  /** TL Document, access hash and file reference left empty. */
  tl: Uint8Array
  mime: string
  size: number
  /** SHA-256 of the content. */
  sha256: Uint8Array
  blob_key: string
}

declare module './index.ts' {
  interface Tables {
    photo: PhotoTable
    document: DocumentTable
  }
}
