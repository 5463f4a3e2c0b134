import { createRequire } from 'node:module'

type Tables = typeof import('libphonenumber-js')

const require = createRequire(import.meta.url)
let tables: Tables | undefined

/** What is known of the world's telephone numbers: read at the first question, since a start asks none. */
export function phoneTables(): Tables {
  return (tables ??= require('libphonenumber-js') as Tables)
}
