import type { Generated } from 'kysely'

/** A photo as it can be shown: one blob holds its sizes, then its videos, one after the other as `tl` lists them. */
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
  blob_key: string
}

/**
 * A document. Its bytes are the blob `blob_key`, shared by all documents with the same content. Documents and their
 * bytes are never deleted: whoever has met one may send it again, from a message that is long gone.
 */
export interface DocumentTable {
  id: number
  owner: number
  date: number
  /** TL Document, access hash and file reference left empty. */
  tl: Uint8Array
  mime: string
  /** What the bytes are: the end of a storage.FileType's name, `Jpeg`, `Unknown`. */
  file_type: string
  size: number
  /** SHA-256 of the content. */
  sha256: Uint8Array
  blob_key: string
  /** Its thumbnails, one after the other as `tl` lists them. */
  thumbs_key: string | null
}

declare module './index.ts' {
  interface Tables {
    photo: PhotoTable
    document: DocumentTable
  }
}
