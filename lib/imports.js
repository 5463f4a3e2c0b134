// Finding and reading some 500 modules by 3,000 imports is most of a start. Node asks of each import whether the file is
// there, whether it is a link and what its package calls it; here that is asked for one file of a folder, which tells for
// the others with that ending, and once for a package. The rest of an address is the path that the import says.
import { readFileSync } from 'node:fs'
import module from 'node:module'

const own = new URL('../src/', import.meta.url).href
/** Plain enough to be put together without a parser of addresses. */
const RELATIVE = /^(?:\.|\.\.(?:\/\.\.)*)(?:\/[\w-][\w.-]*)+\.\w+$/
const FILE = /^file:\/\/\/(?![a-z]:)[\w./@+-]+$/i

/** By folder and ending: the format of such files, false if one was a link. */
const formats = new Map()
/** What our own files import by name. */
const packages = new Map()

module.registerHooks({
  resolve(specifier, context, next) {
    const { parentURL, conditions } = context
    if (!conditions.includes('import')) return next(specifier, context)
    if (specifier.startsWith('node:')) return { url: specifier, format: 'builtin', shortCircuit: true }
    if (!parentURL || !FILE.test(parentURL)) return next(specifier, context)
    if (!specifier.startsWith('.')) {
      if (!parentURL.startsWith(own)) return next(specifier, context)
      let found = packages.get(specifier)
      if (found === undefined) packages.set(specifier, (found = { ...next(specifier, context), shortCircuit: true }))
      return found
    }
    if (!RELATIVE.test(specifier)) return next(specifier, context)
    const url = beside(parentURL, specifier)
    const kind = url.slice(0, url.lastIndexOf('/') + 1) + url.slice(url.lastIndexOf('.'))
    const format = formats.get(kind)
    if (format) return { url, format, shortCircuit: true }
    const found = next(specifier, context)
    if (format === undefined) formats.set(kind, found.url === url && (found.format ?? false))
    return found
  },
  load(url, context, next) {
    const { format } = context
    if ((format !== 'module' && format !== 'module-typescript') || !FILE.test(url)) return next(url, context)
    return { format, source: readFileSync(url.slice('file://'.length), 'utf8'), shortCircuit: true }
  },
})

function beside(parent, path) {
  let end = parent.lastIndexOf('/')
  let from = path.startsWith('./') ? 2 : 0
  for (; path.startsWith('../', from); from += 3) end = parent.lastIndexOf('/', end - 1)
  return parent.slice(0, end + 1) + path.slice(from)
}
