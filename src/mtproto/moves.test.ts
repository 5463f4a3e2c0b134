// Sessions that change threads in the middle of everything: bursts of pushes, requests, pieces of files, acknowledgements.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Front } from './front.ts'
import { fileAnswer } from './front-files.ts'
import type { MtSession } from './host.ts'
import { NEW_SESSION_CREATED } from './ids.ts'
import { headOf, PUSH, sleep } from './test-bodies.ts'
import { type MtClient, openStream } from './test-client.ts'
import { echo, type TestServer, testServer } from './test-server.ts'

const THREADS = 3
const CLIENTS = 6
const SECONDS = Number(process.env.CHAPPE_MOVE_SECONDS || 4)
const ECHO = 0x0badf00d
const PIECE = 0x0badf11e
/** Pieces are so long, bytes. */
const LENGTH = 60_001

const dir = mkdtempSync(join(tmpdir(), 'chappe-moves-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const content = randomBytes(1_000_000)
const path = join(dir, 'file')
writeFileSync(path, content)

/** Too random to be packed. */
const large = randomBytes(100_000)

const random = (below: number) => Math.floor(Math.random() * below)

/** What is asked under a number, and what it is to be answered by. */
function ask(n: number): { body: Buffer; answer: Buffer } {
  const body = Buffer.alloc(12)
  const piece = n % 4 === 0
  body.writeUInt32LE(piece ? PIECE : ECHO, 0)
  body.writeInt32LE(n, 4)
  if (!piece) return { body, answer: body }
  const offset = random(content.length - LENGTH)
  body.writeInt32LE(offset, 8)
  const bytes = content.subarray(offset, offset + LENGTH)
  return { body, answer: Buffer.concat([headOf(LENGTH), bytes, Buffer.alloc(-LENGTH & 3)]) }
}

/** A client whose connections break and begin anew while it asks and is pushed to. */
class Mover {
  readonly #client: MtClient
  readonly #server: TestServer
  session!: MtSession
  /** Pushes by number: the ids they came under. */
  readonly pushed = new Map<number, Set<bigint>>()
  /** The first arrival of each, in that order. */
  readonly order: number[] = []
  readonly #open = new Map<bigint, { body: Buffer; seqNo: number }>()
  readonly ran = new Map<number, number>()
  readonly #answers: Promise<void>[] = []
  readonly threads = new Set<Front>()
  /** How many pushes were sent to it. */
  sent = 0
  #asked = 0
  openings = new Set<bigint>()

  /** Whether a connection may begin before the server knows that the one before it has ended. */
  readonly overlaps: boolean

  constructor(server: TestServer, client: MtClient, overlaps: boolean) {
    this.overlaps = overlaps
    this.#server = server
    this.#client = client
    client.onMessage = ({ msgId, body }) => {
      const kind = body.readInt32LE(0)
      if (kind === NEW_SESSION_CREATED) this.openings.add(msgId)
      if (kind !== PUSH) return
      const n = body.readInt32LE(4)
      const ids = this.pushed.get(n)
      if (ids) ids.add(msgId)
      else {
        this.pushed.set(n, new Set([msgId]))
        this.order.push(n)
      }
    }
  }

  ask(): void {
    const { body, answer } = ask(++this.#asked)
    const msgId = this.#client.nextId()
    const seqNo = this.#client.nextSeq(true)
    this.#open.set(msgId, { body, seqNo })
    const got = this.#client.invoke(body, { msgId, seqNo }).then((bytes) => {
      this.#open.delete(msgId)
      assert.ok(bytes.equals(answer), 'the answer of another request, or of none')
    })
    got.catch(() => {})
    this.#answers.push(got)
  }

  /** Every answer has come, and was right. */
  answered(): Promise<unknown> {
    return Promise.all(this.#answers)
  }

  get waiting(): number {
    return this.#open.size
  }

  get asked(): number {
    return this.#asked
  }

  /** Begins a new connection and asks anew for what was not answered, as clients do. The old one may be there yet. */
  async move(): Promise<void> {
    const client = this.#client
    const old = client.stream
    const late = this.overlaps && random(2) === 0
    if (!late) old.close()
    while (!this.overlaps && this.session.connected) await sleep(1)
    client.use(await openStream(this.#server.port, {}))
    for (const [msgId, how] of this.#open) client.sendMessage(how.body, { msgId, seqNo: how.seqNo })
    if (late) {
      // What comes over it meanwhile is heard by nobody, as when a network is gone.
      old.onFrame = () => {}
      await sleep(random(10))
      old.close()
    }
  }

  get closed(): boolean {
    return this.#client.stream.closed
  }

  flush(): void {
    this.#client.flushAcks()
  }

  seen(): void {
    this.threads.add((this.session as unknown as { front: Front }).front)
  }
}

test(`sessions that move between ${THREADS} threads for ${SECONDS} s lose nothing, and get nothing twice or out of order`, async () => {
  await using server = await testServer({ maxOutbox: 100_000 }, THREADS)
  const movers = new Map<bigint, Mover>()
  server.onRequest = async (session, { body }) => {
    const mover = movers.get(session.id)!
    mover.session = session
    mover.seen()
    const n = body.readInt32LE(4)
    mover.ran.set(n, (mover.ran.get(n) ?? 0) + 1)
    const piece = body.readUInt32LE(0) === PIECE
    const [offset, bytes] = [body.readInt32LE(8), Buffer.from(body)]
    // Some are answered when the session has moved on.
    if (random(3) === 0) await sleep(random(40))
    return piece ? fileAnswer({ path, offset }, LENGTH, headOf(LENGTH)) : echo(bytes)
  }
  for (let i = 0; i < CLIENTS; i++) {
    const client = await server.client()
    const mover = new Mover(server, client, i % 2 === 0)
    movers.set(client.sessionId, mover)
    mover.ask()
    await mover.answered()
  }
  const end = performance.now() + SECONDS * 1000
  const live = () => performance.now() < end
  const pushing = async () => {
    while (live()) {
      const to = [...movers.values()].filter(() => random(2) === 0)
      for (let burst = random(20); burst >= 0; burst--) {
        for (const mover of to) {
          const n = mover.sent++
          // Now and then a large one, so that some of it is on its way when the connection ends.
          const filling = random(100) === 0 ? large : Buffer.alloc(0)
          mover.session.push((w) => {
            w.int(PUSH)
            w.int(n)
            w.bytes(filling)
          })
        }
      }
      await sleep(random(25))
    }
  }
  const acting = async (mover: Mover) => {
    while (live()) {
      for (let i = 1 + random(6); i > 0 && mover.waiting < 60; i--) mover.ask()
      if (random(2) === 0) mover.flush()
      if (random(4) === 0) await mover.move()
      await sleep(random(25))
    }
  }
  await Promise.all([pushing(), ...[...movers.values()].map(acting)])
  for (const mover of movers.values()) {
    const until = performance.now() + 15_000
    while (mover.waiting > 0 || mover.order.length < mover.sent) {
      const lost = `${mover.waiting} answers and ${mover.sent - mover.order.length} pushes lost`
      assert.ok(performance.now() < until, lost)
      if (mover.closed) await mover.move()
      await sleep(10)
    }
    await mover.answered()
    // What went out over a connection of which nobody heard comes again, after what went over the one beside it.
    const order = mover.overlaps ? mover.order.toSorted((a, b) => a - b) : mover.order
    const all = Array.from({ length: mover.sent }, (_, n) => n)
    assert.deepEqual(order, all, 'in the order in which they were sent')
    for (const [n, ids] of mover.pushed) assert.equal(ids.size, 1, `push ${n} came under two ids`)
    assert.equal(mover.ran.size, mover.asked)
    for (const [n, times] of mover.ran) assert.equal(times, 1, `request ${n} ran ${times} times`)
    assert.equal(mover.openings.size, 1, 'a session that moves is no new one')
  }
  const sum = (of: (mover: Mover) => number) => [...movers.values()].reduce((all, mover) => all + of(mover), 0)
  assert.ok(sum((m) => m.threads.size) > CLIENTS, 'some have changed threads')
  assert.deepEqual(server.logged, [])
})
