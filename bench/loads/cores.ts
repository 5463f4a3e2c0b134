// What one machine does with all of its cores: private messages, posts to a supergroup of 1,000, a file that many fetch,
// and all of it at once. The clients are light (bench/light.ts); a few listen to every word, and check it.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeObject } from '../../src/tl/index.ts'
import { each, SUPERGROUP, signIn, type World } from '../accounts.ts'
import { type Client, LAYER } from '../client.ts'
import { Light } from '../light.ts'
import { type Figure, type Load, Meter, rates, two } from '../measure.ts'
import { threadSeconds } from '../server-process.ts'
import { eachMessage, Template } from './messages.ts'

/** Pairs of accounts, from the third on: the first one posts to the supergroup. */
const PAIRS = 49
const FETCHERS = 16
const LISTENERS = 16
/** One receiver in so many reads every message and checks it. */
const READS = 16
const PIECE = 512 * 1024
const PIECES = 16
const WARM_S = 1
/** How often clients that wait for something are drained, and those that do not. */
const POLL_MS = 4
const LATE_MS = 250
/** updateNewChannelMessage as it stands in an update: a post, not a private message. */
const GROUP_MARK = Buffer.from('d904ba62', 'hex')
/** Rounds made beforehand for each second: more than any of these machines does. */
const MOST = { messages: 500, supergroup: 150, download: 150, mixed: 60 }

/** What a round of a load is, and how many rounds are under way at a time. */
interface Shape {
  pair: number
  post: number
  pieces: number
  atOnce: number
}
const SHAPES: Record<keyof typeof MOST, Shape> = {
  messages: { pair: 1, post: 0, pieces: 0, atOnce: 16 },
  supergroup: { pair: 0, post: 1, pieces: 0, atOnce: 1 },
  download: { pair: 0, post: 0, pieces: 1, atOnce: 3 },
  mixed: { pair: 4, post: 1, pieces: 1, atOnce: 3 },
}

interface Scene {
  senders: Light[]
  receivers: Light[]
  /** Of some pairs, by their number: who receives. */
  readers: Map<number, Client>
  poster: Client
  fetchers: Light[]
  /** Members of the supergroup that nobody waits for. */
  crowd: Light[]
  listeners: Client[]
  texts: Template[]
  post: Template
  pieces: Uint8Array[][]
  /** Posts that all listeners have, and what they found wrong. */
  heard: number
  faults: number
}

export async function cores(load: Load, world: World): Promise<Record<string, Figure>> {
  const scene = await enter(load, world)
  const figures: Record<string, Figure> = {}
  for (const name of Object.keys(SHAPES) as (keyof typeof MOST)[]) {
    figures[name] = await run(load, scene, SHAPES[name], MOST[name])
  }
  return figures
}

async function enter(load: Load, world: World): Promise<Scene> {
  const { accounts, supergroup } = world
  const members = accounts.slice(0, SUPERGROUP)
  const clients = await signIn(load.port, members)
  const [poster] = clients as [Client]
  const pairs = Array.from({ length: PAIRS }, (_, i) => 2 + 2 * i)
  const fetching = clients.slice(100, 100 + FETCHERS)
  const spread = Math.floor((clients.length - 120) / LISTENERS)
  const listeners = Array.from({ length: LISTENERS }, (_, i) => clients[120 + i * spread]!)
  const pieces = await shareFile(poster, fetching, supergroup!)
  const known = new Map<Client, Light>()
  const light = (client: Client) => {
    const made = new Light(client)
    known.set(client, made)
    return made
  }
  const scene: Scene = {
    senders: pairs.map((i) => light(clients[i]!)),
    receivers: pairs.filter((_, pair) => pair % READS !== 0).map((i) => light(clients[i + 1]!)),
    readers: new Map(pairs.flatMap((i, pair) => (pair % READS === 0 ? [[pair, clients[i + 1]!]] : []))),
    poster,
    fetchers: fetching.map(light),
    crowd: [],
    listeners,
    texts: pairs.map((i) => {
      const { userId, hash } = accounts[i + 1]!
      return new Template({ _: 'inputPeerUser', userId, accessHash: BigInt(hash!) })
    }),
    post: new Template({ _: 'inputPeerChannel', channelId: supergroup!.id, accessHash: BigInt(supergroup!.hash) }),
    pieces,
    heard: 0,
    faults: 0,
  }
  const heavy = new Set<Client>([poster, ...listeners, ...scene.readers.values()])
  scene.crowd = clients.filter((client) => !known.has(client) && !heavy.has(client)).map((client) => new Light(client))
  return scene
}

/** The first account puts a file into the supergroup; the others ask for its pieces as they know it. */
async function shareFile(
  poster: Client,
  fetching: readonly Client[],
  { id, hash }: { id: number; hash: string },
): Promise<Uint8Array[][]> {
  const file = { _: 'inputFileBig', id: 77n, parts: PIECES, name: 'bench.bin' }
  await each(PIECES, 4, async (filePart) => {
    const bytes = randomBytes(PIECE)
    await poster.call('upload.saveBigFilePart', { fileId: file.id, filePart, fileTotalParts: PIECES, bytes })
  })
  const attributes = [{ _: 'documentAttributeFilename', fileName: 'bench.bin' }]
  const mimeType = 'application/octet-stream'
  await poster.call('messages.sendMedia', {
    peer: { _: 'inputPeerChannel', channelId: id, accessHash: BigInt(hash) },
    media: { _: 'inputMediaUploadedDocument', forceFile: true, file, mimeType, attributes },
    message: '',
    randomId: 78n,
  })
  return Promise.all(
    fetching.map(async (client) => {
      const start = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n }
      const dialogs = (await client.call('messages.getDialogs', start)) as any
      const document = dialogs.messages.find((message: any) => message.media?.document)!.media.document
      const { accessHash, fileReference } = document
      const location = { _: 'inputDocumentFileLocation', id: document.id, accessHash, fileReference, thumbSize: '' }
      return Array.from({ length: PIECES }, (_, i) =>
        writeObject({ _: 'upload.getFile', location, offset: i * PIECE, limit: PIECE } as any, LAYER),
      )
    }),
  )
}

async function run(load: Load, scene: Scene, shape: Shape, most: number): Promise<Figure> {
  const { senders, receivers, fetchers, crowd, listeners, poster } = scene
  const rounds = Math.ceil(most * (load.seconds + WARM_S + 1))
  const count = (n: number, make: (i: number) => Uint8Array) => Array.from({ length: n }, (_, i) => make(i))
  if (shape.pair > 0)
    for (const [i, one] of senders.entries()) one.prepare(count(rounds * shape.pair, (n) => scene.texts[i]!.make(n)))
  if (shape.pieces > 0)
    for (const [i, one] of fetchers.entries()) one.prepare(count(rounds, (n) => scene.pieces[i]![n % PIECES]!))
  const everybody = [...senders, ...receivers, ...fetchers, ...crowd]
  for (const one of everybody) one.answers = one.updates = one.bytes = 0
  const heard = listen(scene, listeners)
  const read = shape.pair > 0 ? readAll(scene) : undefined

  let begun = 0
  let ended = false
  let ranOut = 0
  const done = () => {
    let least = shape.post > 0 ? heard.all() : Number.POSITIVE_INFINITY
    if (shape.pair > 0) for (const { answers } of senders) least = Math.min(least, Math.floor(answers / shape.pair))
    if (shape.pieces > 0) for (const { answers } of fetchers) least = Math.min(least, answers)
    return least
  }
  const begin = () => {
    for (; !ended && begun < done() + shape.atOnce && begun < rounds; begun++) {
      if (shape.pair > 0) for (const one of senders) for (let i = 0; i < shape.pair; i++) one.send()
      if (shape.pieces > 0) for (const one of fetchers) one.send()
      if (shape.post > 0) {
        poster.send(scene.post.make(heard.next()), (body) => {
          if (body.readInt32LE(0) === 0x2144ca19) scene.faults++
        })
        poster.flush()
      }
    }
    if (begun === rounds) ranOut = 1
  }
  heard.on = begin
  const waiting = [...(shape.pair > 0 ? senders : []), ...(shape.pieces > 0 ? fetchers : [])]
  let late = performance.now()
  const timer = setInterval(() => {
    for (const one of waiting) one.drain()
    begin()
    if (performance.now() - late < LATE_MS) return
    late = performance.now()
    for (const one of everybody) {
      one.drain()
      one.acknowledge()
    }
  }, POLL_MS)
  begin()
  await sleep(WARM_S * 1000)
  const meter = new Meter(load.serverPid)
  const threads = threadSeconds(load.serverPid)
  const before = done()
  await sleep(load.seconds * 1000)
  const after = done()
  const span = meter.end()
  let busiest = 0
  for (const [task, s] of threadSeconds(load.serverPid)) busiest = Math.max(busiest, s - (threads.get(task) ?? 0))
  ended = true
  for (let i = 0; i < 250 && done() < begun; i++) await sleep(20)
  await sleep(2 * LATE_MS)
  clearInterval(timer)
  for (const one of everybody) one.drain()
  heard.stop()

  const per =
    shape.pair > 0 && shape.post > 0 ? 1 : shape.pair > 0 ? PAIRS : shape.post > 0 ? SUPERGROUP - 1 : FETCHERS / 2
  const total = (after - before) * per
  // Where posts do not meet, each is one update of every member; private messages may come several in one.
  const updates = everybody.reduce((sum, one) => sum + one.updates, 0)
  const missing = shape.pair > 0 ? read!.missing(begun * shape.pair) : begun * shape.post * everybody.length - updates
  return {
    ...rates(total, span),
    busiestThreadS: two(busiest),
    perBusiestThreadS: Math.round(total / Math.max(busiest, 0.01)),
    missing,
    faults: scene.faults + (begun - done()),
    ranOut,
  }
}

/** Counts what those receivers get who read everything. */
function readAll(scene: Scene) {
  const got = new Map<Client, number>()
  for (const client of scene.readers.values()) {
    got.set(client, 0)
    client.onUpdate = (body) => {
      if (body.indexOf(GROUP_MARK) >= 0) return
      eachMessage(body, (n) => {
        const next = got.get(client)!
        if (n !== next) scene.faults++
        got.set(client, next + 1)
      })
    }
  }
  return { missing: (sent: number) => [...got.values()].reduce((sum, n) => sum + sent - n, 0) }
}

/** Posts that the listeners have heard, all of them, in order. */
function listen(scene: Scene, listeners: readonly Client[]) {
  const base = scene.heard
  const at = listeners.map(() => base)
  let next = base
  const heard = {
    on: () => {},
    all: () => Math.min(...at) - base,
    next: () => next++,
    stop: () => {
      scene.heard = next
    },
  }
  listeners.forEach((client, i) => {
    client.onUpdate = (body) =>
      eachMessage(body, (n) => {
        if (n !== at[i]) scene.faults++
        at[i] = n + 1
        if (i === listeners.length - 1 || heard.all() + base > n) heard.on()
      })
  })
  return heard
}
