import type { Person } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

/** What a graph draws: its points in time, and its lines by their names. */
export interface Drawn {
  x: number[]
  lines: Record<string, number[]>
  json: any
  zoomToken: string | undefined
}

export function read(graph: tl.StatsGraph): Drawn {
  if (graph._ !== 'statsGraph') throw new Error(`${graph._}, not a graph`)
  const json = JSON.parse(graph.json.data)
  const [x, ...columns] = json.columns as [string, ...number[]][]
  const lines = Object.fromEntries(columns.map(([label, ...values]) => [json.names[label], values]))
  return { x: x!.slice(1) as number[], lines, json, zoomToken: graph.zoomToken }
}

/** The graph that stands behind a token. */
export async function load(who: Person, graph: tl.StatsGraph): Promise<tl.StatsGraph> {
  if (graph._ !== 'statsGraphAsync') throw new Error(`${graph._}, not one for later`)
  return who.call('stats.loadAsyncGraph', { token: graph.token })
}
