/** What clients load by themselves, by preset. */
export interface AutoDownloadTable {
  owner: number
  /** `low`, `medium` or `high`. */
  preset: string
  /** TL AutoDownloadSettings. */
  tl: Uint8Array
}

/** What clients save to the device's gallery by themselves. */
export interface AutoSaveTable {
  owner: number
  /** `users`, `chats`, `broadcasts`, or the marked id of a dialog that is an exception. */
  scope: string
  /** TL AutoSaveSettings. */
  tl: Uint8Array
}

declare module './index.ts' {
  interface Tables {
    auto_download: AutoDownloadTable
    auto_save: AutoSaveTable
  }
}
