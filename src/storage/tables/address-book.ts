/** The phone numbers an account has imported, whether they have an account or not. */
export interface SavedContactTable {
  owner: number
  /** Digits only. */
  phone: string
  first_name: string
  last_name: string
  date: number
}

/** How much an account uses a peer, by category of https://core.telegram.org/api/top-rating. */
export interface TopPeerTable {
  owner: number
  /** TL name without its prefix: `correspondents`, `groups` ... */
  category: string
  peer: number
  /** The sum of e^((use - epoch) / decay): see domain/top-peers.ts. */
  rating: number
}

/** Settings of an account about its contacts. No row: the defaults. */
export interface ContactSettingTable {
  owner: number
  /** Top peers are not counted. */
  no_top_peers: number
  /** No sound when somebody of the address book signs up. */
  silent_sign_up: number
}

/** Accounts that let people nearby find them. https://core.telegram.org/api/nearby */
export interface LocatedTable {
  owner: number
  /** Degrees. */
  lat: number
  long: number
  /** Unix seconds; 2^31 - 1 for ever. */
  expires_at: number
}

declare module './index.ts' {
  interface Tables {
    saved_contact: SavedContactTable
    top_peer: TopPeerTable
    contact_setting: ContactSettingTable
    located: LocatedTable
  }
}
