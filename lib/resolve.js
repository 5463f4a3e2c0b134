// A file that another one imports by a relative path is where the path says. Node looks for each of some 2,500 such
// imports whether it is there, whether it is a link and what its package calls it: a seventh of a start. Here it is asked
// for one file of a folder, which tells for the others with that ending.
import module from 'node:module'

/** By folder and ending: the format of such files, false if one was a link. */
const formats = new Map()

module.registerHooks({
  resolve(specifier, context, next) {
    const { parentURL, conditions } = context
    if (!/^\.\.?\/.*\.\w+$/.test(specifier) || !parentURL?.startsWith('file:') || !conditions.includes('import')) {
      return next(specifier, context)
    }
    const url = new URL(specifier, parentURL).href
    const kind = url.slice(0, url.lastIndexOf('/') + 1) + url.slice(url.lastIndexOf('.'))
    const format = formats.get(kind)
    if (format) return { url, format, shortCircuit: true }
    const found = next(specifier, context)
    if (format === undefined) formats.set(kind, found.url === url && (found.format ?? false))
    return found
  },
})
