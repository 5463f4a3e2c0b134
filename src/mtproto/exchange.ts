// Asks the thread of exchange-worker.ts. It starts with the first key exchange of the process and keeps no process alive.
import { Worker } from 'node:worker_threads'
import type { Answer, Ask } from './exchange-worker.ts'

/** What the thread has at a time: one that it works on, and the next. */
const AT_ONCE = 2

/** Where a question comes from; whose connection is gone needs no answer. */
export interface Asker {
  readonly ip: string
  readonly closed: boolean
}

interface Waiting {
  asker: Asker
  question: Ask
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

let worker: Worker | undefined
let last = 0
const asked = new Map<number, Waiting>()
/** Questions by address: addresses take turns, so that one with many does not keep the others waiting. */
const queues = new Map<string, Waiting[]>()

function start(): Worker {
  const started = new Worker(new URL('./exchange-worker.ts', import.meta.url))
  started.on('message', (answer: Answer) => {
    asked.get(answer.id)?.resolve(answer)
    asked.delete(answer.id)
    next()
    if (asked.size === 0) started.unref()
  })
  started.on('error', (error: Error) => {
    // A new one starts with the next exchange.
    if (worker === started) worker = undefined
    for (const { reject } of [...asked.values(), ...[...queues.values()].flat()]) reject(error)
    asked.clear()
    queues.clear()
  })
  started.unref() // after on('message'), which would undo it
  return started
}

function ask(asker: Asker, question: Exclude<Ask, { kind: 'end' }>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const waiting = { asker, question, resolve, reject }
    const queue = queues.get(asker.ip)
    if (queue === undefined) queues.set(asker.ip, [waiting])
    else queue.push(waiting)
    next()
  })
}

function next(): void {
  for (const [ip, queue] of queues) {
    if (asked.size >= AT_ONCE) return
    const waiting = queue.shift()!
    queues.delete(ip)
    if (queue.length > 0) queues.set(ip, queue)
    const { asker, question, resolve } = waiting
    if (asker.closed) {
      resolve({ id: question.id })
      continue
    }
    worker ??= start()
    worker.ref()
    asked.set(question.id, waiting)
    worker.postMessage(question)
  }
}

/** Starts the thread before it is needed. */
export function warmExchange(): void {
  worker ??= start()
}

/** Opens what the client encrypted with the key of `pem`; with it comes g_a, whose secret the thread keeps. */
export async function openExchange(
  asker: Asker,
  exchange: string,
  pem: string,
  encrypted: Uint8Array,
): Promise<{ inner: Buffer; power: Buffer } | undefined> {
  const { inner, power } = await ask(asker, { id: ++last, kind: 'open', exchange, pem, encrypted })
  if (inner === undefined) return undefined
  return { inner: Buffer.from(inner), power: Buffer.from(power!) }
}

/** The authorization key, 256 bytes, from g_b; undefined when the connection is gone. */
export async function finishExchange(asker: Asker, exchange: string, value: Uint8Array): Promise<Buffer | undefined> {
  const { key } = await ask(asker, { id: ++last, kind: 'finish', exchange, value })
  if (key !== undefined) return Buffer.from(key)
  if (asker.closed) return undefined
  throw new Error('the key exchange failed')
}

/** Has the thread forget the secret. */
export function endExchange(exchange: string): void {
  worker?.postMessage({ id: 0, kind: 'end', exchange } satisfies Ask)
}
