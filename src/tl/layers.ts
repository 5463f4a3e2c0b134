// Which writer stands for a name in each layer.
import { TlError } from './error.ts'
import { WRITERS } from './gen/write.js'
import { CARRIERS, FALLBACKS, type Fallback, SUBSTITUTES, TYPE_FALLBACKS } from './layers/fallbacks.ts'
import type { Choice, LayerTable, WriteFn, Writer } from './writer.ts'

/** The layer that handlers know. */
export const LATEST_LAYER = 229
/** The oldest layer that clients may speak. */
export const MIN_LAYER = 144

const tables = new Map<number, LayerTable>()

/** The writers of a layer by constructor name; layers beyond the known ones are taken as the nearest known. */
export function layerTable(layer: number): LayerTable {
  return tables.get(layer) ?? build(layer)
}

function build(wanted: number): LayerTable {
  const layer = Math.min(Math.max(wanted, MIN_LAYER), LATEST_LAYER)
  const known = tables.get(layer)
  if (known) return known
  const table = new Map<string, WriteFn | Choice | null>()
  const since = new Map<string, number>()
  for (const [name, first, last, write] of WRITERS) {
    // Where two ids of a name are known at once, the one that came later is the layer's.
    if (layer < first || last < layer || first < (since.get(name) ?? 0)) continue
    since.set(name, first)
    table.set(name, write)
  }
  for (const [name, , , , type] of WRITERS) if (!table.has(name)) table.set(name, lacking(name, type, layer))
  for (const [name, { until, to }] of Object.entries(SUBSTITUTES)) {
    const write = table.get(name)
    if (layer <= until && typeof write === 'function') table.set(name, new Instead(to, layer, write))
  }
  if (layer < LATEST_LAYER)
    for (const [name, { fields, instead }] of Object.entries(CARRIERS)) {
      const write = table.get(name)
      if (typeof write === 'function') table.set(name, new Carrier(fields, write, instead, layer))
    }
  tables.set(layer, table)
  return table
}

function lacking(name: string, type: string, layer: number): WriteFn | Choice {
  const fallback = FALLBACKS[name] ?? TYPE_FALLBACKS[type]
  if (fallback !== undefined) return new Instead(fallback, layer, undefined)
  return () => {
    throw new TlError(`${name} is unknown to layer ${layer}, and nothing stands for it`)
  }
}

/** Another object in the place of one; or the same, written by `own`. */
class Instead implements Choice {
  private readonly to: Fallback
  private readonly layer: number
  private readonly own: WriteFn | undefined

  constructor(to: Fallback, layer: number, own: WriteFn | undefined) {
    this.to = to
    this.layer = layer
    this.own = own
  }

  pick(o: any, w: Writer): WriteFn | null {
    const other = this.to(o, this.layer)
    if (other === null) return null
    const write = other._ === o._ && this.own !== undefined ? this.own : w.find(other)
    if (write === null || other === o) return write
    return (w) => write(w, other)
  }
}

/** An object that goes if what it carries does. */
class Carrier implements Choice {
  private readonly fields: readonly string[]
  private readonly write: WriteFn
  private readonly instead: Fallback | undefined
  private readonly layer: number

  constructor(fields: readonly string[], write: WriteFn, instead: Fallback | undefined, layer: number) {
    this.fields = fields
    this.write = write
    this.instead = instead
    this.layer = layer
  }

  pick(o: any, w: Writer): WriteFn | null {
    for (const field of this.fields) {
      if (o[field] === undefined || w.find(o[field]) !== null) continue
      const other = this.instead?.(o, this.layer) ?? null
      const write = other === null ? null : w.find(other)
      return write === null ? null : (w) => write(w, other)
    }
    return this.write
  }
}
