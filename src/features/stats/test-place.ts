import type { Person } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A channel or supergroup of a test: how each of its people names it. */
export interface Place {
  readonly id: number
  of(who: Person): tl.inputChannel
  peer(who: Person): tl.inputPeerChannel
}

export async function makePlace(kind: 'group' | 'channel', creator: Person, ...members: Person[]): Promise<Place> {
  const what = kind === 'group' ? { megagroup: true } : { broadcast: true }
  const made = (await creator.call('channels.createChannel', { ...what, title: 'Place', about: '' })) as tl.updates
  const { id } = made.chats[0]!
  const hash = (who: Person) => accessHash(new Context(who.server.app, who.id), 'channel', id)
  const place: Place = {
    id,
    of: (who) => ({ _: 'inputChannel', channelId: id, accessHash: hash(who) }),
    peer: (who) => ({ _: 'inputPeerChannel', channelId: id, accessHash: hash(who) }),
  }
  const users = members.map((member) => creator.userOf(member))
  if (users.length > 0) await creator.call('channels.inviteToChannel', { channel: place.of(creator), users })
  return place
}

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
