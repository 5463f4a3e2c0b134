import type { Generated } from 'kysely'

/** Calls counted for all nodes together: those by which codes, passwords and numbers could be guessed. */
export interface FloodTable {
  /** What is counted, and of whom: `password 1234`, `codes to 491701234567`. */
  name: string
  used: Generated<number>
  /** Unix seconds; what comes after begins to count anew. */
  ends_at: number
}

declare module './index.ts' {
  interface Tables {
    flood: FloodTable
  }
}
