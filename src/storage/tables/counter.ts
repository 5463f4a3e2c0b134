/** Sequences of ids: see nextId. */
export interface CounterTable {
  name: string
  value: number
}

declare module './index.ts' {
  interface Tables {
    counter: CounterTable
  }
}
