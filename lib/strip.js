// Node runs TypeScript as it is, but not below node_modules, where this package is once it is installed. This hook
// reads our own files there the same way: it blanks the types out, so that lines and columns stay. What came of a file
// is kept, by the hash of its text: Node's reader of TypeScript takes 50 ms to load and 20 MiB, and as long again to read.
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const own = new URL('../', import.meta.url).href
const kept = join(import.meta.dirname, '../node_modules/.cache/chappe', `stripped-${process.version}`)

const isOurs = (url) => url.startsWith(own) && url.endsWith('.ts') && !url.slice(own.length).includes('node_modules/')

if (own.includes('/node_modules/')) {
  if (module.registerHooks === undefined || module.stripTypeScriptTypes === undefined) {
    throw new Error(`chappe needs Node 26 to be loaded as a library; this is ${process.version}`)
  }
  module.registerHooks({
    load(url, context, next) {
      const file = url.split('?', 1)[0]
      if (!isOurs(file)) return next(url, context)
      return { format: 'module', source: stripped(readFileSync(fileURLToPath(file), 'utf8')), shortCircuit: true }
    },
  })
  stripInOurThreads()
}

function stripped(source) {
  const file = join(kept, `${createHash('sha256').update(source).digest('hex')}.js`)
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const made = withoutWarning(() => module.stripTypeScriptTypes(source))
    keep(file, made)
    return made
  }
}

/** Under its name only once it is whole. Where nothing can be written, every start does it again. */
function keep(file, text) {
  const unfinished = `${file}.${randomUUID()}`
  try {
    mkdirSync(kept, { recursive: true })
    writeFileSync(unfinished, text)
    renameSync(unfinished, file)
  } catch {}
}

/** Hooks are a thread's own: those of our threads are set up by loading this file there first. */
function stripInOurThreads() {
  const threads = process.getBuiltinModule('node:worker_threads')
  const { Worker } = threads
  threads.Worker = class extends Worker {
    constructor(file, options) {
      super(file, isOurs(String(file)) ? { ...options, execArgv: ['--import', import.meta.url] } : options)
    }
  }
  module.syncBuiltinESMExports()
}

/** That stripping is experimental is told once, by its first use; running TypeScript itself is not any more. */
function withoutWarning(use) {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return use()
  } finally {
    process.emitWarning = emitWarning
  }
}
