import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Device, Person } from '../../../test/harness/index.ts'
import { dhInRange, dhShared, type Half } from '../../mtproto/dh.ts'
import { igeDecrypt, igeEncrypt } from '../../mtproto/ige.ts'
import type * as tl from '../../tl/gen/types.ts'

/**
 * A client's half of a secret chat, as small as can be: MTProto 2.0 sealing, layers, sequence numbers, rekeying. The
 * server is tested with what clients really send, and reads nothing of it.
 * https://core.telegram.org/api/end-to-end
 */
export class SealedChat {
  readonly device: Device | Person
  readonly originator: boolean
  readonly peer: tl.inputEncryptedChat
  key: Buffer
  layer = 0
  #in = 0
  #out = 0

  constructor(device: Device | Person, chat: tl.encryptedChat, originator: boolean, half: Half) {
    assert.ok(dhInRange(chat.gAOrB))
    this.device = device
    this.originator = originator
    this.peer = { _: 'inputEncryptedChat', chatId: chat.id, accessHash: chat.accessHash }
    this.key = dhShared(half.secret, chat.gAOrB)
  }

  get fingerprint(): bigint {
    return fingerprintOf(this.key)
  }

  /** A message or a service message, in the layer's wrapper, sealed. */
  seal(message: Buffer): Buffer {
    const x = this.originator ? 0 : 1
    const layered = Buffer.concat([
      int(0x1be31789),
      bytes(randomBytes(15)),
      int(144),
      int(2 * this.#in + x),
      int(2 * this.#out++ + 1 - x),
      message,
    ])
    return sealWith(this.key, this.originator, layered)
  }

  /** What the other side sealed: the message inside, after its sequence numbers were checked. */
  open(sealed: Uint8Array): Buffer {
    const layered = openWith(this.key, !this.originator, sealed)
    assert.equal(layered.readUInt32LE(0), 0x1be31789)
    assert.equal(layered[4], 15)
    const theirs = this.originator ? 1 : 0
    this.layer = Math.max(this.layer, layered.readUInt32LE(20))
    assert.equal(layered.readUInt32LE(28), 2 * this.#in++ + 1 - theirs)
    return layered.subarray(32)
  }

  async say(text: string, randomId = randomBytes(8).readBigInt64LE()): Promise<bigint> {
    await this.device.call('messages.sendEncrypted', {
      peer: this.peer,
      randomId,
      data: this.seal(textOf(text, randomId)),
    })
    return randomId
  }

  async act(action: Buffer): Promise<void> {
    const randomId = randomBytes(8).readBigInt64LE()
    const message = Buffer.concat([int(0x73164160), long(randomId), action])
    await this.device.call('messages.sendEncryptedService', { peer: this.peer, randomId, data: this.seal(message) })
  }

  /** Messages pushed to the device since the last look, opened. */
  async received(): Promise<{ update: tl.updateNewEncryptedMessage; body: Buffer }[]> {
    const updates = (await this.device.updatesOf('updateNewEncryptedMessage')) as tl.updateNewEncryptedMessage[]
    return updates.map((update) => ({ update, body: this.open(update.message.bytes) }))
  }

  async texts(): Promise<string[]> {
    return (await this.received()).map(({ body }) => readText(body))
  }
}

export function fingerprintOf(key: Buffer): bigint {
  return createHash('sha1').update(key).digest().readBigInt64LE(12)
}

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

function aesOf(key: Buffer, msgKey: Buffer, x: number): { key: Buffer; iv: Buffer } {
  const a = sha256(msgKey, key.subarray(x, x + 36))
  const b = sha256(key.subarray(40 + x, 76 + x), msgKey)
  const cut = (buffer: Buffer, from: number, to: number) => buffer.subarray(from, to)
  return {
    key: Buffer.concat([cut(a, 0, 8), cut(b, 8, 24), cut(a, 24, 32)]),
    iv: Buffer.concat([cut(b, 0, 8), cut(a, 8, 24), cut(b, 24, 32)]),
  }
}

function sealWith(key: Buffer, originator: boolean, data: Buffer): Buffer {
  const x = originator ? 0 : 8
  const padding = 12 + ((16 - ((4 + data.length + 12) % 16)) % 16)
  const plain = Buffer.concat([int(data.length), data, randomBytes(padding)])
  const msgKey = sha256(key.subarray(88 + x, 120 + x), plain).subarray(8, 24)
  const aes = aesOf(key, msgKey, x)
  return Buffer.concat([long(fingerprintOf(key)), msgKey, igeEncrypt(plain, aes.key, aes.iv)])
}

function openWith(key: Buffer, originator: boolean, sealed: Uint8Array): Buffer {
  const buffer = Buffer.from(sealed)
  assert.equal(buffer.readBigInt64LE(0), fingerprintOf(key), 'sealed with another key')
  const x = originator ? 0 : 8
  const msgKey = buffer.subarray(8, 24)
  const aes = aesOf(key, msgKey, x)
  const plain = igeDecrypt(buffer.subarray(24), aes.key, aes.iv)
  assert.deepEqual(sha256(key.subarray(88 + x, 120 + x), plain).subarray(8, 24), msgKey, 'the message key is wrong')
  return plain.subarray(4, 4 + plain.readUInt32LE(0))
}

/** An encrypted file: its bytes, its keys, and the fingerprint that the server keeps. */
export function sealFile(content: Buffer): { sealed: Buffer; open(sealed: Buffer): Buffer; fingerprint: number } {
  const key = randomBytes(32)
  const iv = randomBytes(32)
  const padded = Buffer.concat([content, randomBytes((16 - (content.length % 16)) % 16)])
  const md5 = createHash('md5')
    .update(Buffer.concat([key, iv]))
    .digest()
  return {
    sealed: igeEncrypt(padded, key, iv),
    open: (sealed) => igeDecrypt(sealed, key, iv).subarray(0, content.length),
    fingerprint: md5.readInt32LE(0) ^ md5.readInt32LE(4),
  }
}

export function int(value: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeUInt32LE(value >>> 0)
  return out
}

export function long(value: bigint): Buffer {
  const out = Buffer.alloc(8)
  out.writeBigInt64LE(BigInt.asIntN(64, value))
  return out
}

export function bytes(value: Uint8Array): Buffer {
  const n = value.length
  const head = n < 254 ? Buffer.of(n) : Buffer.of(254, n & 255, (n >> 8) & 255, n >> 16)
  return Buffer.concat([head, value, Buffer.alloc((4 - ((head.length + n) % 4)) % 4)])
}

/** The bytes at a place of TL. */
export function readBytes(from: Buffer, at: number): Buffer {
  const long = from[at] === 254
  const n = long ? from.readUIntLE(at + 1, 3) : from[at]!
  return from.subarray(at + (long ? 4 : 1)).subarray(0, n)
}

/** decryptedMessage of layer 73, without media. */
export function textOf(text: string, randomId: bigint): Buffer {
  return Buffer.concat([int(0x91cc4674), int(0), long(randomId), int(0), bytes(Buffer.from(text))])
}

export function readText(message: Buffer): string {
  assert.equal(message.readUInt32LE(0), 0x91cc4674)
  return readBytes(message, 20).toString()
}

/** The action of a decryptedMessageService: its constructor, and what follows. */
export function readAction(message: Buffer): { id: number; body: Buffer } {
  assert.equal(message.readUInt32LE(0), 0x73164160)
  return { id: message.readUInt32LE(12), body: message.subarray(16) }
}
