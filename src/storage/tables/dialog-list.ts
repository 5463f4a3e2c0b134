import type { Generated } from 'kysely'

/** What an account has set about its whole list of dialogs; no row: nothing. */
export interface DialogListTable {
  owner: number
  /** The archive's place among the pinned dialogs, 0 for not pinned; higher is further up. */
  archive_rank: Generated<number>
  /** Folders show as tags beside the dialogs. */
  tags: Generated<number>
}

/** A folder of an account's dialogs ("dialog filter"). Id 0 is the list of all chats, there once the folders were put in order. */
export interface DialogFilterTable {
  owner: number
  id: number
  position: number
  /** TL DialogFilter, peers without access hashes. */
  tl: Uint8Array
}

declare module './index.ts' {
  interface Tables {
    dialog_list: DialogListTable
    dialog_filter: DialogFilterTable
  }
}
