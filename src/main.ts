#!/usr/bin/env node
// The command line. This file only sees to a fast start, and to how V8 manages memory: what Node compiles is kept for the
// next time; young objects are collected by one thread, since several on two cores spend an eighth of all CPU time on
// taking work from each other; and what starting left behind is given back to the system.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import type { EventLoopUtilization } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'

/** How often, ms, it is looked whether nothing happens, and below which share of busy time that is so. */
const LOOK_MS = 1500
const QUIET = 0.02

setFlagsFromString('--no-parallel-scavenge')
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/chappe'))
const { runCli } = await import('./cli.ts')
process.exitCode = await runCli(process.argv.slice(2), process.env, () => {
  flushCompileCache()
  collectOnceQuiet(performance.eventLoopUtilization())
})
// Whatever is still open (it should not be) does not keep the process.
setTimeout(() => process.exit(), 2000).unref()

/**
 * Collects everything, once, when nobody minds a tenth of a second: reading the program has made the process a quarter
 * larger than what it keeps.
 */
function collectOnceQuiet(before: EventLoopUtilization): void {
  setTimeout(async () => {
    const now = performance.eventLoopUtilization()
    if (performance.eventLoopUtilization(now, before).utilization > QUIET) return collectOnceQuiet(now)
    const { runInNewContext } = await import('node:vm')
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as (options: object) => void
    gc({ type: 'major', flavor: 'last-resort', execution: 'sync' })
  }, LOOK_MS).unref()
}
