#!/usr/bin/env node
// The command line. This file only sees to how V8 manages memory: young objects are collected by one thread, since several
// on two cores spend an eighth of all CPU time on taking work from each other; and what starting left behind is given back
// to the system.
import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

/** How often, ms, it is looked whether nothing happens: at first, and later. Below this share of busy time that is so. */
const FIRST_LOOK_MS = 1500
const LOOK_MS = 5000
const QUIET = 0.02
/** Bytes that the heap must have grown by before it is worth it. */
const GROWN = 12 * 2 ** 20

setFlagsFromString('--no-parallel-scavenge')
const { runCli } = await import('./cli.ts')
process.exitCode = await runCli(process.argv.slice(2), process.env, collectWhenQuiet)
// Whatever is still open (it should not be) does not keep the process.
setTimeout(() => process.exit(), 2000).unref()

/**
 * Gives memory back when nobody minds a tenth of a second: after the start, which makes the process a quarter larger
 * than what it keeps, and when much was done since. V8 by itself keeps what it had at the busiest moment. What Node
 * compiled is written the first time (or when the process ends): so nobody waits for it, and what the first requests
 * needed is among it.
 */
function collectWhenQuiet(): void {
  let before = performance.eventLoopUtilization()
  let heap = 0
  const look = async () => {
    const now = performance.eventLoopUtilization()
    const quiet = performance.eventLoopUtilization(now, before).utilization < QUIET
    before = now
    if (quiet && process.memoryUsage().heapTotal > heap + GROWN) {
      if (heap === 0) flushCompileCache()
      const { runInNewContext } = await import('node:vm')
      setFlagsFromString('--expose-gc')
      const gc = runInNewContext('gc') as (options: object) => void
      gc({ type: 'major', flavor: 'last-resort', execution: 'sync' })
      heap = process.memoryUsage().heapTotal
      trim()
    }
    setTimeout(look, heap === 0 ? FIRST_LOOK_MS : LOOK_MS).unref()
  }
  setTimeout(look, FIRST_LOOK_MS).unref()
}

/** Has the C library give back what it keeps of memory that was freed, where it is one that does. */
function trim(): void {
  const { emitWarning } = process
  try {
    // That the module is experimental is allowed for here, and is no news to whoever runs the server.
    process.emitWarning = () => {}
    const ffi = process.getBuiltinModule('node:ffi' as 'node:fs') as unknown as Ffi | undefined
    if (ffi === undefined) return
    const { functions } = ffi.dlopen(null, { malloc_trim: { arguments: ['uint64'], return: 'int32' } })
    functions.malloc_trim!(0n)
  } catch {
    // No such function, or no such module: then it stays.
  } finally {
    process.emitWarning = emitWarning
  }
}

interface Ffi {
  dlopen(path: null, symbols: object): { functions: Record<string, (keep: bigint) => number> }
}
