/**
 * mtcute 0.30 forgets its timer for the next salt when salts reach it twice (ServerSaltManager.setFutureSalts does not
 * clear the one it has): up to half an hour of nothing, which must not keep a test's process. Ends with the release of
 * mtcute that clears it.
 */
const LONG = 5000

const start = globalThis.setTimeout
globalThis.setTimeout = Object.assign((run: () => void, ms?: number, ...rest: []) => {
  const timer = start(run, ms, ...rest)
  return ms === undefined || ms < LONG ? timer : timer.unref()
}, start)
