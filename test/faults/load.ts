import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../../bench/accounts.ts'
import { Client, greeting } from '../../bench/client.ts'
import type * as tl from '../../src/tl/gen/types.ts'
import type { MethodName, Methods } from '../../src/tl/index.ts'

/** A call that is not answered for so long, ms, is given up with its connection. */
const PATIENCE = 8000
const CALLS = 4

/** A client that goes to another node when its own is gone, and asks again. */
export class Roamer {
  readonly account: Account
  readonly #ports: () => number[]
  #client: Client | undefined
  #broken = Promise.withResolvers<never>()
  /** Bodies of what it was pushed, since it looked last. */
  pushes = 0

  constructor(account: Account, ports: () => number[]) {
    this.account = account
    this.#ports = ports
  }

  get connected(): boolean {
    return this.#client !== undefined
  }

  /** @param port a node's; one of those that live, by chance, when it is left out */
  async connect(port?: number): Promise<Client> {
    if (this.#client) return this.#client
    const live = this.#ports()
    const at = port ?? live[Math.floor(Math.random() * live.length)]
    if (at === undefined) throw new Error('no node is there')
    const client = await Client.connect(at, this.account.key)
    const broken = Promise.withResolvers<never>()
    broken.promise.catch(() => {})
    this.#broken = broken
    this.#client = client
    const gone = () => this.#gone(client)
    client.onClose = gone
    client.onUpdate = () => {
      this.pushes++
    }
    // What it cannot read ends this connection, not the test.
    const { onFrame } = client.stream
    client.stream.onFrame = (buf, from, end) => {
      try {
        onFrame(buf, from, end)
      } catch {
        gone()
      }
    }
    await this.#within(client.first(greeting({ _: 'updates.getState' })))
    return client
  }

  #gone(client: Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#broken.reject(new Error('the connection is gone'))
    client.close()
  }

  async #within<T>(done: Promise<T>): Promise<T> {
    const client = this.#client!
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#gone(client)
        reject(new Error('no answer'))
      }, PATIENCE)
    })
    done.catch(() => {})
    return Promise.race([done, this.#broken.promise, late]).finally(() => clearTimeout(timer))
  }

  /** One attempt. */
  async try<M extends MethodName>(method: M, params: object): Promise<Methods[M]['result']> {
    const client = await this.connect()
    return this.#within(client.call(method, params))
  }

  /** Asks till it is answered. An error of the client's own making is thrown. */
  async ask<M extends MethodName>(method: M, params: object): Promise<Methods[M]['result']> {
    const until = performance.now() + 90_000
    for (;;) {
      try {
        return await this.try(method, params)
      } catch (error) {
        const { message } = error as Error
        if (/^4\d\d /.test(message) || performance.now() > until) throw error
        await sleep(50 + Math.random() * 200)
      }
    }
  }

  leave(): void {
    if (this.#client) this.#gone(this.#client)
  }
}

interface Attempt {
  text: string
  randomId: bigint
  answered: boolean
}

/** What is said in one place by one account. */
export class Speaker {
  readonly roamer: Roamer
  readonly peer: object
  readonly attempts: Attempt[] = []
  /** Answers that came, errors and connections that broke. */
  refused = 0
  #number = 0

  constructor(roamer: Roamer, peer: object) {
    this.roamer = roamer
    this.peer = peer
  }

  get answered(): number {
    return this.attempts.reduce((sum, a) => sum + (a.answered ? 1 : 0), 0)
  }

  /**
   * Speaks while it lasts, then what is left over; each message under one random id till it is answered.
   * @param calm whether all faults are over, and mended: from then on everything is answered in time
   */
  async speak(live: () => boolean, calm = () => !live()): Promise<void> {
    let until: number | undefined
    const one = async () => {
      while (live()) {
        const { userId } = this.roamer.account
        const attempt = {
          text: `${userId}:${this.#number++}`,
          randomId: randomBytes(8).readBigInt64LE(),
          answered: false,
        }
        this.attempts.push(attempt)
        while (!attempt.answered) {
          try {
            const params = { peer: this.peer, message: attempt.text, randomId: attempt.randomId }
            await this.roamer.try('messages.sendMessage', params)
            attempt.answered = true
          } catch (error) {
            this.refused++
            if (/^4(00|01|03|06) /.test((error as Error).message)) throw error
            await sleep(20 + Math.random() * 100)
            if (calm()) until ??= performance.now() + PATIENCE * 6
            if (until !== undefined && performance.now() > until) {
              throw new Error(`${attempt.text} is never answered: ${(error as Error).message}`, { cause: error })
            }
          }
        }
      }
    }
    await Promise.all(Array.from({ length: CALLS }, one))
  }
}

/** What an account has by differences alone. */
export class Reader {
  readonly roamer: Roamer
  readonly told = new Map<number, string>()
  #state: { pts: number; qts: number; date: number } | undefined

  constructor(roamer: Roamer) {
    this.roamer = roamer
  }

  async catchUp(): Promise<void> {
    if (!this.#state) {
      const { pts, qts, date } = await this.roamer.ask('updates.getState', {})
      this.#state = { pts, qts, date }
      return
    }
    for (;;) {
      const part: tl.updates_Difference = await this.roamer.ask('updates.getDifference', this.#state)
      assert.notEqual(part._, 'updates.differenceTooLong')
      if (part._ === 'updates.differenceEmpty' || part._ === 'updates.differenceTooLong') return
      for (const message of part.newMessages as tl.message[]) this.told.set(message.id, message.message)
      const state: tl.updates_State = part._ === 'updates.difference' ? part.state : part.intermediateState
      assert.ok(state.pts >= this.#state.pts, 'pts never goes back')
      this.#state = { pts: state.pts, qts: state.qts, date: state.date }
      if (part._ === 'updates.difference') return
    }
  }
}

/** The same of a channel. */
export class ChannelReader {
  readonly roamer: Roamer
  readonly channel: object
  readonly told = new Map<number, string>()
  #pts: number

  constructor(roamer: Roamer, channel: object, pts: number) {
    this.roamer = roamer
    this.channel = channel
    this.#pts = pts
  }

  async catchUp(): Promise<void> {
    const filter = { _: 'channelMessagesFilterEmpty' }
    for (;;) {
      const params = { channel: this.channel, filter, pts: this.#pts, limit: 100 }
      const part = await this.roamer.ask('updates.getChannelDifference', params)
      if (part._ === 'updates.channelDifferenceTooLong') {
        // What clients do: they go on from where the channel stands, and fetch what was passed over as history.
        const { dialog } = part as unknown as { dialog: tl.dialog }
        assert.ok(dialog.pts! > this.#pts, 'it is ahead')
        this.#pts = dialog.pts!
        const peer = { ...this.channel, _: 'inputPeerChannel' }
        for (const { id, message } of await messagesOf(this.roamer, peer)) this.told.set(id, message)
        continue
      }
      assert.ok(part.pts >= this.#pts, 'pts never goes back')
      this.#pts = part.pts
      if (part._ === 'updates.channelDifferenceEmpty') return
      for (const message of part.newMessages as tl.message[]) {
        if (message._ === 'message') this.told.set(message.id, message.message)
      }
      if (part.final) return
    }
  }
}

/** All texts of a chat, oldest first. */
export async function history(roamer: Roamer, peer: object): Promise<string[]> {
  return (await messagesOf(roamer, peer)).map((m) => m.message)
}

async function messagesOf(roamer: Roamer, peer: object): Promise<tl.message[]> {
  const found: tl.message[] = []
  const page = { offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  for (let offsetId = 0; ; ) {
    const { messages } = (await roamer.ask('messages.getHistory', { peer, offsetId, ...page })) as {
      messages: tl.message[]
    }
    if (messages.length === 0) return found.reverse()
    for (const m of messages) if (m._ === 'message') found.push(m)
    offsetId = messages.at(-1)!.id
  }
}
