/** The article of a page of the web, as instant view shows it. */
export interface WebArticleTable {
  page: number
  /** A page without access hashes. */
  tl: Uint8Array
  /** How often it was opened. */
  views: number
  /** Digests of its pictures and the photos made of them, JSON: the same picture again is the same photo. */
  pictures: string
}

declare module './index.ts' {
  interface Tables {
    web_article: WebArticleTable
  }
}
