/** A page of the web, as its previews show it. */
export interface WebPageTable {
  id: number
  /** Digest of the address without its fragment. */
  url_key: string
  url: string
  /** 0: being fetched; 1: there is a preview; 2: there is none. */
  state: number
  /** A webPage without access hashes. */
  tl: Uint8Array | null
  /** When it was asked for, or found. */
  date: number
  /** When it is fetched again if somebody sends it. */
  expires_at: number
}

/** Whom to tell when a page has been fetched. */
export interface WebPagePlaceTable {
  page: number
  /** The box of a message with the page, or whoever asked for a preview. */
  owner: number
  /** The dialog, in the owner's eyes. */
  peer: number
  /** Of the message; 0 where there is none. */
  origin: number
}

declare module './index.ts' {
  interface Tables {
    web_page: WebPageTable
    web_page_place: WebPagePlaceTable
  }
}
