import type { Generated } from 'kysely'

/** Sessions in which an account takes its data out. */
export interface TakeoutTable {
  owner: number
  id: number
  auth: string
  date: number
  contacts: number
  /** Files up to this size, bytes; 0 for no bound. */
  file_max_size: number
  finished: number
  /** What of the account has no method of its own, as a file; null until it is asked for. */
  file_key: string | null
  file_size: Generated<number>
}

/** Devices that asked to take data out before they were allowed to, and when. */
export interface TakeoutRequestTable {
  owner: number
  auth: string
  date: number
}

declare module './index.ts' {
  interface Tables {
    takeout: TakeoutTable
    takeout_request: TakeoutRequestTable
  }
}
