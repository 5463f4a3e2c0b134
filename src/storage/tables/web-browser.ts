/** How an account's clients open links. */
export interface WebBrowserTable {
  owner: number
  open_external: number
  close_button: number
}

/** A site that is opened otherwise than the rest. */
export interface WebBrowserExceptionTable {
  owner: number
  domain: string
  url: string
  title: string
  open_external: number
  /** When it was made, in the order of the list. */
  rank: number
}

declare module './index.ts' {
  interface Tables {
    web_browser: WebBrowserTable
    web_browser_exception: WebBrowserExceptionTable
  }
}
