/** A file that an account is uploading, or has uploaded and may still use. */
export interface UploadTable {
  owner: number
  /** The client's own 64-bit number for it, decimal. */
  file_id: string
  date: number
  /** Bytes of its parts. */
  bytes: number
  /** How large every part but the last is, where it is known. */
  part_size: number | null
  /** How many parts there are, where the client has said so. */
  total: number | null
  /** The whole content, once it was put together; the parts are gone then. */
  blob_key: string | null
  sha256: Uint8Array | null
  md5: string | null
  size: number | null
}

/** Parts of uploads. The row is there before the blob is, so that no blob is ever forgotten. */
export interface UploadPartTable {
  owner: number
  file_id: string
  part: number
  size: number
}

declare module './index.ts' {
  interface Tables {
    upload: UploadTable
    upload_part: UploadPartTable
  }
}
