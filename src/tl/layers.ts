// Which writer stands for a name in each layer.
import { WRITERS } from './gen/write.js'
import type { LayerTable, WriteFn } from './writer.ts'

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
  const table = new Map<string, WriteFn | null>()
  for (const [name, first, last, write] of WRITERS) {
    if (first <= layer && layer <= last) table.set(name, write)
    else if (!table.has(name)) table.set(name, null)
  }
  tables.set(layer, table)
  return table
}
