#!/usr/bin/env node
// The command line. This file only sees to a fast start: what Node compiles is kept for the next time.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/chappe'))
const { runCli } = await import('./cli.ts')
process.exitCode = await runCli(process.argv.slice(2), process.env, flushCompileCache)
// Whatever is still open (it should not be) does not keep the process.
setTimeout(() => process.exit(), 2000).unref()
