// Private messages: 50 pairs, one direction. A message of 100 bytes is posted when the one before it in its place was
// delivered (closed, so many in flight a pair), or at a steady rate (open).
import { setTimeout as sleep } from 'node:timers/promises'
import { writeObject } from '../../src/tl/index.ts'
import { signIn, type World } from '../accounts.ts'
import { type Client, LAYER } from '../client.ts'
import { type Figure, type Load, Meter, quantile, rates } from '../measure.ts'

const PAIRS = 50
const BODY = 100
const WARM_S = 2
/** What a text begins with; its number follows. */
export const MARK = 'bench message '
const DIGITS = 8
const mark = Buffer.from(MARK)

/** A messages.sendMessage made beforehand, whose number and random_id are written into its bytes. */
export class Template {
  readonly #bytes: Uint8Array
  readonly #number: number
  readonly #random: number

  constructor(peer: object) {
    const randomId = 0x1122334455667788n
    const message = (MARK + '0'.repeat(DIGITS)).padEnd(BODY, '.')
    const bytes = Buffer.from(writeObject({ _: 'messages.sendMessage', peer, message, randomId } as any, LAYER))
    const random = Buffer.alloc(8)
    random.writeBigInt64LE(randomId)
    this.#bytes = bytes
    this.#number = bytes.indexOf(mark) + mark.length
    this.#random = bytes.indexOf(random)
  }

  make(n: number): Uint8Array {
    const bytes = Buffer.from(this.#bytes)
    bytes.write(String(n).padStart(DIGITS, '0'), this.#number, 'latin1')
    bytes.writeDoubleLE(Math.random() + n + 1, this.#random)
    return bytes
  }
}

/** Calls `take` with the number of every message that an update tells of. */
export function eachMessage(body: Buffer, take: (n: number) => void): void {
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at)) {
    at += mark.length
    let n = 0
    for (const end = at + DIGITS; at < end; at++) n = n * 10 + body[at]! - 48
    take(n)
  }
}

export interface Mode {
  /** Messages in flight a pair. */
  window?: number
  /** Messages a second in all. */
  perSecond?: number
}

export async function messages(load: Load, world: World, mode: Mode): Promise<Figure> {
  const accounts = world.accounts.slice(0, 2 * PAIRS)
  const clients = await signIn(load.port, accounts)
  let posted = 0
  let delivered = 0
  let answered = 0
  let faults = 0
  let measuring = false
  let stopped = false
  const latencies: number[] = []
  const posts = Array.from({ length: PAIRS }, (_, pair) => {
    const [from, to] = [clients[2 * pair]!, clients[2 * pair + 1]!]
    const { userId, hash } = accounts[2 * pair + 1]!
    const template = new Template({ _: 'inputPeerUser', userId, accessHash: BigInt(hash!) })
    let sent = 0
    const times = new Map<number, number>()
    const done = (body: Buffer) => {
      if (body.readInt32LE(0) === 0x2144ca19) faults++
      answered++
    }
    const post = () => {
      from.send(template.make(sent), done)
      times.set(sent++, performance.now())
      posted++
    }
    let expected = 0
    to.onUpdate = (body) =>
      eachMessage(body, (n) => {
        if (n !== expected++) faults++
        delivered++
        if (measuring) latencies.push(performance.now() - times.get(n)!)
        times.delete(n)
        if (mode.window && !stopped) post()
      })
    return { post, from }
  })
  const stopPosting = mode.window ? fill(posts, mode.window) : steady(posts, mode.perSecond!)
  await sleep(WARM_S * 1000)
  await load.mark('begin')
  const meter = new Meter(load.serverPid)
  const before = delivered
  measuring = true
  await sleep(load.seconds * 1000)
  measuring = false
  const span = meter.end()
  const count = delivered - before
  await load.mark('end')
  stopped = true
  stopPosting()
  for (let i = 0; i < 100 && (delivered < posted || answered < posted); i++) await sleep(50)
  latencies.sort((a, b) => a - b)
  for (const client of clients) client.close()
  return {
    ...rates(count, span),
    p50ms: quantile(latencies, 0.5),
    p99ms: quantile(latencies, 0.99),
    lost: posted - delivered,
    unanswered: posted - answered,
    faults,
  }
}

interface Post {
  post: () => void
  from: Client
}

function fill(posts: readonly Post[], window: number): () => void {
  for (const { post } of posts) for (let i = 0; i < window; i++) post()
  return () => {}
}

function steady(posts: readonly Post[], perSecond: number): () => void {
  const start = performance.now()
  let n = 0
  const timer = setInterval(() => {
    while (n < ((performance.now() - start) * perSecond) / 1000) {
      const { post, from } = posts[n++ % posts.length]!
      post()
      from.flush()
    }
  }, 1)
  return () => clearInterval(timer)
}
