// Asks the thread of exchange-worker.ts. It starts with the first key exchange of the process and keeps no process alive.
import { Worker } from 'node:worker_threads'
import type { Answer, Ask } from './exchange-worker.ts'

let worker: Worker | undefined
let last = 0
const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()

function start(): Worker {
  const started = new Worker(new URL('./exchange-worker.ts', import.meta.url))
  started.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
    if (waiting.size === 0) started.unref()
  })
  started.on('error', (error: Error) => {
    // A new one starts with the next exchange.
    if (worker === started) worker = undefined
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  started.unref() // after on('message'), which would undo it
  return started
}

function ask(question: Ask): Promise<Answer> {
  worker ??= start()
  worker.ref()
  return new Promise((resolve, reject) => {
    waiting.set(question.id, { resolve, reject })
    worker?.postMessage(question)
  })
}

/** Starts the thread before it is needed. */
export function warmExchange(): void {
  worker ??= start()
}

/** Opens what the client encrypted with the key of `pem`; with it comes g_a, whose secret the thread keeps. */
export async function openExchange(
  exchange: string,
  pem: string,
  encrypted: Uint8Array,
): Promise<{ inner: Buffer; power: Buffer } | undefined> {
  const { inner, power } = await ask({ id: ++last, kind: 'open', exchange, pem, encrypted })
  if (inner === undefined) return undefined
  return { inner: Buffer.from(inner), power: Buffer.from(power!) }
}

/** The authorization key, 256 bytes, from g_b. */
export async function finishExchange(exchange: string, value: Uint8Array): Promise<Buffer> {
  const { key } = await ask({ id: ++last, kind: 'finish', exchange, value })
  if (key === undefined) throw new Error('the key exchange failed')
  return Buffer.from(key)
}

/** Has the thread forget the secret. */
export function endExchange(exchange: string): void {
  worker?.postMessage({ id: 0, kind: 'end', exchange } satisfies Ask)
}
