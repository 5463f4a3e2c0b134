/** Work that is due at some time, taken by any node with a lease. */
export interface JobTable {
  id: string
  due_at: number
  kind: string
  owner: number
  data: Uint8Array | null
  /** Until then it is some node's; 0 when nobody took it. */
  lease_until: number
  attempts: number
}

declare module './index.ts' {
  interface Tables {
    job: JobTable
  }
}
