/** A dialog of the saved messages that is pinned. */
export interface SavedPinTable {
  owner: number
  peer: number
  /** Higher is further up. */
  rank: number
}

declare module './index.ts' {
  interface Tables {
    saved_pin: SavedPinTable
  }
}
