// p_q_inner_data in its four forms, and client_DH_inner_data: what the client encrypts in the key exchange.
import { Reader } from '../tl/reader.ts'

const P_Q_INNER = 0x83c95aec | 0
const P_Q_INNER_DC = 0xa9f55f95 | 0
const P_Q_INNER_TEMP = 0x3c6a84d4
const P_Q_INNER_TEMP_DC = 0x56fddf88
const CLIENT_DH_INNER = 0x6643b654

export interface PqInner {
  pq: Buffer
  p: Buffer
  q: Buffer
  nonce: Buffer
  serverNonce: Buffer
  newNonce: Buffer
  /** Any number; undefined in the forms without it. */
  dc: number | undefined
  /** Seconds a temporary key is to live; undefined for a permanent one. */
  expiresIn: number | undefined
}

const reader = new Reader(new Map())
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/** @throws TlError when the bytes are none of the four forms */
export function readPqInner(bytes: Uint8Array): PqInner {
  const r = reader
  r.reset(bytes)
  const id = r.int()
  if (id !== P_Q_INNER && id !== P_Q_INNER_DC && id !== P_Q_INNER_TEMP && id !== P_Q_INNER_TEMP_DC) {
    r.unknown(id, 'p_q_inner_data')
  }
  return {
    pq: buffer(r.bytes()),
    p: buffer(r.bytes()),
    q: buffer(r.bytes()),
    nonce: buffer(r.fixed(16)),
    serverNonce: buffer(r.fixed(16)),
    newNonce: buffer(r.fixed(32)),
    dc: id === P_Q_INNER_DC || id === P_Q_INNER_TEMP_DC ? r.int() : undefined,
    expiresIn: id === P_Q_INNER_TEMP || id === P_Q_INNER_TEMP_DC ? r.int() : undefined,
  }
}

/** How many bytes p_q_inner_data takes, 0 when the bytes are none. */
export function innerLength(bytes: Uint8Array): number {
  try {
    readPqInner(bytes)
  } catch {
    return 0
  }
  return reader.pos - bytes.byteOffset
}

export interface ClientDhInner {
  nonce: Buffer
  serverNonce: Buffer
  retryId: bigint
  gB: Buffer
  /** Bytes the object takes. */
  length: number
}

/** @throws TlError when the bytes are no client_DH_inner_data */
export function readClientDhInner(bytes: Uint8Array): ClientDhInner {
  const r = reader
  r.reset(bytes)
  const id = r.int()
  if (id !== CLIENT_DH_INNER) r.unknown(id, 'client_DH_inner_data')
  return {
    nonce: buffer(r.fixed(16)),
    serverNonce: buffer(r.fixed(16)),
    retryId: r.long(),
    gB: buffer(r.bytes()),
    length: r.pos - bytes.byteOffset,
  }
}
