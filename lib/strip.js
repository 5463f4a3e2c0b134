// Node runs TypeScript as it is, but not below node_modules, where this package is once it is installed. This hook
// reads our own files there the same way: it blanks the types out, so that lines and columns stay.
import { readFileSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const own = new URL('../', import.meta.url).href

const isOurs = (url) => url.startsWith(own) && url.endsWith('.ts') && !url.slice(own.length).includes('node_modules/')

if (own.includes('/node_modules/')) {
  if (module.registerHooks === undefined || module.stripTypeScriptTypes === undefined) {
    throw new Error(`chappe needs Node 26 to be loaded as a library; this is ${process.version}`)
  }
  withoutWarning(() => module.stripTypeScriptTypes(''))
  module.registerHooks({
    load(url, context, next) {
      const file = url.split('?', 1)[0]
      if (!isOurs(file)) return next(url, context)
      const source = module.stripTypeScriptTypes(readFileSync(fileURLToPath(file), 'utf8'))
      return { format: 'module', source, shortCircuit: true }
    },
  })
  stripInOurThreads()
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
    use()
  } finally {
    process.emitWarning = emitWarning
  }
}
