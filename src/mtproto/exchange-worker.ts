// The large-number work of the key exchange, on a thread of its own: one exchange takes some 2 ms of it.
import { createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { sha1, sha256 } from './crypto.ts'
import { dhCreate, dhShared } from './dh.ts'
import { igeDecrypt } from './ige.ts'
import { innerLength } from './inner.ts'
import { NO_PADDING } from './rsa.ts'

/** What the thread is asked: to open what the client encrypted with RSA and begin, or to compute the key. */
export type Ask =
  | { id: number; kind: 'open'; pem: string; encrypted: Uint8Array }
  | { id: number; kind: 'finish'; exponent: Uint8Array; value: Uint8Array }

/** `inner` (p_q_inner_data) with the server's half of the exchange, or the key; neither when the data is not valid. */
export interface Answer {
  id: number
  inner?: Uint8Array
  exponent?: Uint8Array
  power?: Uint8Array
  key?: Uint8Array
}

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

function answer(ask: Ask): Answer {
  if (ask.kind === 'finish') return { id: ask.id, key: dhShared(ask.exponent, ask.value) }
  const data = privateDecrypt({ key: keyOf(ask.pem), padding: NO_PADDING }, ask.encrypted)
  const inner = unpad(data)
  if (inner === undefined) return { id: ask.id }
  return { id: ask.id, inner: Uint8Array.from(inner), ...dhCreate() }
}

parentPort?.on('message', (ask: Ask) => {
  let result: Answer
  try {
    result = answer(ask)
  } catch {
    // What does not decrypt (a number above the modulus, say) is not valid.
    result = { id: ask.id }
  }
  parentPort?.postMessage(result)
})
