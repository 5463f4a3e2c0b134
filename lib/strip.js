// Node runs TypeScript as it is, but not below node_modules, where this package is once it is installed. This hook
// reads our own files there the same way: it blanks the types out, so that lines and columns stay.
import { readFileSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const own = new URL('../', import.meta.url).href

if (own.includes('/node_modules/')) {
  if (module.registerHooks === undefined || module.stripTypeScriptTypes === undefined) {
    throw new Error(`chappe needs Node 26 to be loaded as a library; this is ${process.version}`)
  }
  module.registerHooks({
    load(url, context, next) {
      const file = url.split('?', 1)[0]
      if (!file.startsWith(own) || !file.endsWith('.ts') || file.slice(own.length).includes('node_modules/')) {
        return next(url, context)
      }
      const source = readFileSync(fileURLToPath(file), 'utf8')
      return { format: 'module', source: module.stripTypeScriptTypes(source), shortCircuit: true }
    },
  })
}
