/** Where somebody is whose live location is shared in a chat, by the message that shows it. */
export interface LiveLocationTable {
  /** Marked id of the group; of a private chat the lower of the two accounts. */
  chat: number
  /** The other one of a private chat; in a group the topic, 0 for none. */
  part: number
  origin: number
  /** Whose location it is, marked; and the account that sends it. */
  author: number
  user_id: number
  /** Degrees. */
  lat: number
  long: number
  /** How near the others may come until everybody is told, metres; 0 for no matter how near. */
  radius: number
  /** When it ends, unix seconds. */
  ends_at: number
}

/** Who has come near to whom, by their messages: that is told once. */
export interface LocationReachedTable {
  watcher: number
  traveler: number
}

declare module './index.ts' {
  interface Tables {
    live_location: LiveLocationTable
    location_reached: LocationReachedTable
  }
}
