// Bodies of messages that tests of this folder send, and what they look for in the answers.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Reader } from '../tl/reader.ts'
import { Writer } from '../tl/writer.ts'
import type { Outgoing } from './host.ts'
import * as id from './ids.ts'
import type { MtClient } from './test-client.ts'
import type { TestServer } from './test-server.ts'

export const PUSH = 0x11223344

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export function tl(write: Outgoing): Buffer {
  const w = new Writer(new Map(), 1024)
  write(w)
  return Buffer.from(w.copy())
}

/** What stands before a piece of a file of so many bytes, in an answer. */
export const headOf = (length: number) =>
  tl((w) => {
    w.int(id.UPLOAD_FILE)
    w.int(1)
    w.int(2)
    w.int((length << 8) | 254)
  })

/** A request of so many bytes that no other is equal to. */
export function request(bytes = 16): Buffer {
  const body = randomBytes(bytes)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

export const ping = (pingId: bigint) =>
  tl((w) => {
    w.int(id.PING)
    w.long(pingId)
  })

export const ids = (kind: number, list: bigint[]) =>
  tl((w) => {
    w.int(kind)
    w.vecLong(list)
  })

export const pack = (body: Buffer, how = gzipSync) =>
  tl((w) => {
    w.int(id.GZIP_PACKED)
    w.bytes(how(body))
  })

export async function bad(client: MtClient): Promise<{ msgId: bigint; seqNo: number; code: number }> {
  const { body } = await client.expect(id.BAD_MSG_NOTIFICATION)
  return { msgId: body.readBigInt64LE(4), seqNo: body.readInt32LE(12), code: body.readInt32LE(16) }
}

export const pushOne = (server: TestServer, n: number) =>
  server.session!.push((w) => {
    w.int(PUSH)
    w.int(n)
  })

export async function states(client: MtClient, list: bigint[]): Promise<number[]> {
  const asked = client.sendMessage(ids(id.MSGS_STATE_REQ, list))
  const { body } = await client.expect(id.MSGS_STATE_INFO)
  assert.equal(body.readBigInt64LE(4), asked)
  const r = new Reader(new Map())
  r.reset(body.subarray(12))
  return [...r.bytes()]
}

export function word(n: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeInt32LE(n)
  return out
}
