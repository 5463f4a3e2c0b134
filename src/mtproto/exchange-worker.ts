// The large-number work of the key exchange, on a thread of its own: one exchange takes some 2 ms of it.
import { createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto'
import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { sha1, sha256 } from './crypto.ts'
import { dhCreate, dhShared } from './dh.ts'
import { igeDecrypt } from './ige.ts'
import { innerLength } from './inner.ts'
import { NO_PADDING } from './rsa.ts'

// On Linux this is the thread's own: those who are signed in come before those who want to be.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10))

/** What the thread is asked: to open what the client encrypted with RSA, to compute the key, or to forget the secret. */
export type Ask =
  | { id: number; kind: 'open'; exchange: string; pem: string; encrypted: Uint8Array }
  | { id: number; kind: 'finish'; exchange: string; value: Uint8Array }
  | { id: 0; kind: 'end'; exchange: string }

/** `inner` (p_q_inner_data) with g_a, or the key; neither when the data is not valid. */
export interface Answer {
  id: number
  inner?: Uint8Array
  power?: Uint8Array
  key?: Uint8Array
}

/** The secrets of the exchanges under way; the other thread bounds their number and ends each. */
const secrets = new Map<string, KeyObject>()

const keys = new Map<string, KeyObject>()

function keyOf(pem: string): KeyObject {
  let key = keys.get(pem)
  if (key === undefined) {
    key = createPrivateKey(pem)
    keys.set(pem, key)
  }
  return key
}

// RSA_PAD, or SHA1(data) + data + padding which libraries in use still send.
function unpad(data: Buffer): Buffer | undefined {
  const encrypted = data.subarray(32)
  const mask = sha256(encrypted)
  const tempKey = Buffer.alloc(32)
  for (let i = 0; i < 32; i++) tempKey[i] = data[i]! ^ mask[i]!
  const withHash = igeDecrypt(encrypted, tempKey, Buffer.alloc(32))
  const padded = Buffer.from(withHash.subarray(0, 192)).reverse()
  if (sha256(Buffer.concat([tempKey, padded])).equals(withHash.subarray(192))) return padded
  if (data[0] !== 0) return undefined
  const old = data.subarray(21)
  const length = innerLength(old)
  if (length === 0 || !sha1(old.subarray(0, length)).equals(data.subarray(1, 21))) return undefined
  return old.subarray(0, length)
}

function answer(ask: Exclude<Ask, { kind: 'end' }>): Answer {
  if (ask.kind === 'finish') {
    const secret = secrets.get(ask.exchange)
    return secret === undefined ? { id: ask.id } : { id: ask.id, key: dhShared(secret, ask.value) }
  }
  const data = privateDecrypt({ key: keyOf(ask.pem), padding: NO_PADDING }, ask.encrypted)
  const inner = unpad(data)
  if (inner === undefined) return { id: ask.id }
  const { secret, power } = dhCreate()
  secrets.set(ask.exchange, secret)
  return { id: ask.id, inner: Uint8Array.from(inner), power }
}

parentPort?.on('message', (ask: Ask) => {
  if (ask.kind === 'end') {
    secrets.delete(ask.exchange)
    return
  }
  let result: Answer
  try {
    result = answer(ask)
  } catch {
    // What does not decrypt (a number above the modulus, say) is not valid.
    result = { id: ask.id }
  }
  parentPort?.postMessage(result)
})
