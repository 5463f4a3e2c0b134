/** An account's Premium while it lasts; `user.premium` says whether it does. */
export interface PremiumTable {
  owner: number
  since: number
  /** 0: without end. */
  until: number
}

/** A boost: one of the places that an account with Premium has for them, given to a channel. */
export interface BoostTable {
  owner: number
  slot: number
  /** Marked id of what is boosted. */
  peer: number
  /** By which administrators tell boosts apart. */
  boost_id: string
  date: number
  /** Until then the place cannot be given to another channel. */
  cooldown_until: number
}

declare module './index.ts' {
  interface Tables {
    premium: PremiumTable
    boost: BoostTable
  }
}
