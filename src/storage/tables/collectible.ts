/** What the operator's record of a username or number says that somebody has bought. */
export interface CollectibleTable {
  /** `username` or `phone`. */
  kind: string
  /** In lower case, without `@` or `+`. */
  name: string
  purchase_date: number
  currency: string
  /** In the smallest unit of the currency; `crypto_amount` in that of the other one. */
  amount: number
  crypto_currency: string
  crypto_amount: number
  url: string
}

declare module './index.ts' {
  interface Tables {
    collectible: CollectibleTable
  }
}
