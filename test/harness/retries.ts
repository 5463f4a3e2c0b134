import type { TestServer } from './server.ts'

/** How often the database had a transaction run again since this was called. */
export function watchRetries(server: TestServer): () => number {
  const { store } = server.app
  const transact = store.transact.bind(store)
  let again = 0
  store.transact = (fn) => {
    let runs = 0
    return transact((trx) => {
      if (runs++ > 0) again++
      return fn(trx)
    })
  }
  return () => again
}
