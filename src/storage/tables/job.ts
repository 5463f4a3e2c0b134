import type { Generated } from 'kysely'

/** Work that is due at some time, taken by any node with a lease. */
export interface JobTable {
  id: string
  due_at: number
  kind: string
  owner: number
  data: Uint8Array | null
  /** Until then it is some node's; 0 when nobody took it. */
  lease_until: number
  /** Which node's it is till then; empty for nobody's. */
  holder: Generated<string>
  attempts: number
}

declare module './index.ts' {
  interface Tables {
    job: JobTable
  }
}
