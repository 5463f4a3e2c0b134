#!/usr/bin/env node
// The command `chappe`. The server needs Node 26, which the package brings along; an older Node hands over to it. What
// Node compiles is kept for the next time: from before the first file in TypeScript, since the reader of TypeScript
// itself, which is needed for what is not kept, takes 50 ms to load, and 20 MiB.
import { readFileSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

if (Number.parseInt(process.versions.node, 10) >= 26) {
  module.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/chappe'))
  await import('./imports.js')
  await import('./strip.js')
  await import('../src/main.ts')
} else {
  const found = createRequire(import.meta.url).resolve('node/package.json')
  const node = join(dirname(found), JSON.parse(readFileSync(found, 'utf8')).bin.node)
  const { spawn } = await import('node:child_process')
  const child = spawn(node, [import.meta.filename ?? process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal interrupts the whole group, so that the server has been told already; a service manager tells only us.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`chappe: the Node that the package brings cannot be run (${error.message})`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code
    else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
