// kill -9 under load, again and again: what was answered is in both histories, once and in order, and getDifference
// brings every client to the same state.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, makeWorld } from '../bench/accounts.ts'
import { Client, greeting } from '../bench/client.ts'
import { ServerProcess } from '../bench/server-process.ts'
import { loadRsaKey } from '../src/mtproto/rsa.ts'
import { defaultDialect, freshDatabase } from '../src/storage/test-store.ts'
import type * as tl from '../src/tl/gen/types.ts'

/** The database itself is killed with SQLite, and goes on without the server with PostgreSQL: less is to be shown. */
const ROUNDS = Number(process.env.CHAPPE_ROUNDS ?? (defaultDialect === 'sqlite' ? 20 : 6))
const PAIRS = 4
const IN_FLIGHT = 8

interface Attempt {
  text: string
  randomId: bigint
  answered: boolean
}

/** One direction of a private chat: what was tried, and what the receiver has by differences alone. */
class Pair {
  readonly sender: Account
  readonly receiver: Account
  readonly attempts: Attempt[] = []
  readonly told = new Map<number, string>()
  state = { pts: 0, qts: 0, date: 0 }
  #number = 0

  constructor(sender: Account, receiver: Account) {
    this.sender = sender
    this.receiver = receiver
  }

  /** Sends until the connection breaks; first again what was not answered before, under the same random ids. */
  async load(client: Client, live: () => boolean): Promise<void> {
    const again = this.attempts.filter((a) => !a.answered)
    const one = async () => {
      while (live()) {
        const attempt = again.shift() ?? this.#next()
        await client.call('messages.sendMessage', {
          peer: { _: 'inputPeerUser', userId: this.receiver.userId, accessHash: BigInt(this.receiver.hash!) },
          message: attempt.text,
          randomId: attempt.randomId,
        })
        attempt.answered = true
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, one))
  }

  #next(): Attempt {
    const attempt = {
      text: `${this.sender.userId}:${this.#number++}`,
      randomId: randomBytes(8).readBigInt64LE(),
      answered: false,
    }
    this.attempts.push(attempt)
    return attempt
  }

  /** Goes from the receiver's last state to the server's, as a client does that was away. */
  async catchUp(client: Client): Promise<void> {
    if (this.state.pts === 0) {
      const { pts, qts, date } = await client.call('updates.getState')
      this.state = { pts, qts, date }
      return
    }
    for (;;) {
      const part = await client.call('updates.getDifference', this.state)
      assert.notEqual(part._, 'updates.differenceTooLong')
      if (part._ === 'updates.differenceEmpty' || part._ === 'updates.differenceTooLong') return
      for (const message of part.newMessages as tl.message[]) this.told.set(message.id, message.message)
      const { pts, qts, date } = part._ === 'updates.difference' ? part.state : part.intermediateState
      assert.ok(pts >= this.state.pts, 'pts never goes back')
      this.state = { pts, qts, date }
      if (part._ === 'updates.difference') return
    }
  }
}

async function history(client: Client, peer: object): Promise<{ id: number; text: string }[]> {
  const found: { id: number; text: string }[] = []
  let offsetId = 0
  for (;;) {
    const page = await client.call('messages.getHistory', {
      peer,
      offsetId,
      offsetDate: 0,
      addOffset: 0,
      limit: 100,
      maxId: 0,
      minId: 0,
      hash: 0n,
    })
    const { messages } = page as { messages: tl.message[] }
    if (messages.length === 0) return found.reverse()
    for (const m of messages) if (m._ === 'message') found.push({ id: m.id, text: m.message })
    offsetId = messages.at(-1)!.id
  }
}

async function connect(port: number, account: Account): Promise<Client> {
  const client = await Client.connect(port, account.key)
  // Here the server is meant to go.
  client.onClose = () => {}
  await client.first(greeting({ _: 'updates.getState' }))
  return client
}

const answers = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, pair) => sum + pair.attempts.filter((attempt) => attempt.answered).length, 0)

async function work(port: number, pair: Pair, live: () => boolean): Promise<void> {
  const client = await connect(port, pair.sender)
  await pair.load(client, live)
}

test(`${ROUNDS} times kill -9 under load loses nothing that was answered`, { timeout: 300_000 }, async () => {
  const data = await mkdtemp(join(tmpdir(), 'chappe-crash-'))
  const fresh = defaultDialect === 'postgres' ? await freshDatabase() : undefined
  const spawn = () => ServerProcess.spawn(data, { database: fresh?.address }).ready()
  let server = await spawn()
  try {
    const rsa = loadRsaKey(readFileSync(join(data, 'keys/rsa.pem'), 'utf8'))
    const { accounts } = await makeWorld(server.port, rsa, PAIRS * 2)
    const pairs = Array.from({ length: PAIRS }, (_, i) => new Pair(accounts[i * 2]!, accounts[i * 2 + 1]!))
    for (const pair of pairs) {
      const receiver = await connect(server.port, pair.receiver)
      await pair.catchUp(receiver)
      receiver.close()
    }
    for (let round = 0; round < ROUNDS; round++) {
      let live = true
      const dead = once(server.child, 'exit')
      // What waits for an answer when the server dies stays unanswered: nobody settles it.
      const loads = pairs.map((pair) => Promise.race([dead, work(server.port, pair, () => live)]))
      // At a random moment, once it is under load: opening connections to a database takes its time.
      const before = answers(pairs)
      for (const until = performance.now() + 10_000; answers(pairs) === before && performance.now() < until; )
        await sleep(10)
      await sleep(Math.random() * 300)
      server.child.kill('SIGKILL')
      live = false
      await dead
      await Promise.allSettled(loads)
      server = await spawn()
      for (const pair of pairs) {
        const receiver = await connect(server.port, pair.receiver)
        await pair.catchUp(receiver)
        receiver.close()
      }
    }
    let answered = 0
    for (const pair of pairs) {
      const sender = await connect(server.port, pair.sender)
      const receiver = await connect(server.port, pair.receiver)
      const { userId, hash } = pair.receiver
      const sent = await history(sender, { _: 'inputPeerUser', userId, accessHash: BigInt(hash!) })
      const told = [...pair.told].sort(([a], [b]) => a - b).map(([, text]) => text)
      const texts = sent.map((m) => m.text)
      assert.equal(new Set(texts).size, texts.length, 'a message is there twice')
      assert.deepEqual(told, texts, 'the receiver has, by differences, what the sender has, in the same order')
      for (const attempt of pair.attempts) {
        if (!attempt.answered) continue
        answered++
        assert.ok(texts.includes(attempt.text), `${attempt.text} was answered and is lost`)
      }
      sender.close()
      receiver.close()
    }
    assert.ok(answered >= ROUNDS, `only ${answered} messages were answered in all`)
    console.log(`${ROUNDS} kills on ${defaultDialect}, ${answered} messages answered, none lost`)
  } finally {
    await server.stop()
    await fresh?.[Symbol.asyncDispose]()
    await rm(data, { recursive: true, force: true })
  }
})
