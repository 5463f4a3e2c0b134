import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { openBindMessage } from './bind.ts'
import { authKeyId, deriveV1, sha1 } from './crypto.ts'
import { BIND_AUTH_KEY_INNER } from './ids.ts'
import { igeEncrypt } from './ige.ts'

const permanent = randomBytes(256)
const fields = {
  nonce: -5n,
  tempAuthKeyId: 0xfedcba9876543210n,
  permAuthKeyId: authKeyId(permanent),
  tempSessionId: -77n,
  expiresAt: 1_800_000_000,
  msgId: 0x65000000_00000004n,
}

// As https://core.telegram.org/method/auth.bindTempAuthKey and /mtproto/description_v1 say.
function encrypt(edit: (text: Buffer) => void = () => {}): Buffer {
  const text = Buffer.alloc(72)
  randomBytes(16).copy(text)
  text.writeBigInt64LE(fields.msgId, 16)
  text.writeInt32LE(40, 28)
  text.writeInt32LE(BIND_AUTH_KEY_INNER, 32)
  text.writeBigInt64LE(fields.nonce, 36)
  text.writeBigUInt64LE(fields.tempAuthKeyId, 44)
  text.writeBigUInt64LE(fields.permAuthKeyId, 52)
  text.writeBigInt64LE(fields.tempSessionId, 60)
  text.writeInt32LE(fields.expiresAt, 68)
  edit(text)
  const msgKey = sha1(text).subarray(4, 20)
  const { key, iv } = deriveV1(permanent, msgKey, 0)
  const keyId = Buffer.alloc(8)
  keyId.writeBigUInt64LE(authKeyId(permanent))
  return Buffer.concat([keyId, msgKey, igeEncrypt(Buffer.concat([text, randomBytes(8)]), key, iv)])
}

test('the message that binds a temporary key is opened', () => {
  assert.deepEqual(openBindMessage(permanent, encrypt()), fields)
})

test('a message of another key, a changed one, and one that says something else are not', () => {
  assert.equal(openBindMessage(randomBytes(256), encrypt()), undefined)
  const good = encrypt()
  for (const at of [0, 8, 30, good.length - 20]) {
    const changed = Buffer.from(good)
    changed[at] = changed[at]! ^ 1
    assert.equal(openBindMessage(permanent, changed), undefined, `byte ${at}`)
  }
  assert.equal(openBindMessage(permanent, good.subarray(0, 40)), undefined)
  assert.equal(openBindMessage(permanent, Buffer.alloc(0)), undefined)
  assert.equal(
    openBindMessage(
      permanent,
      encrypt((text) => text.writeInt32LE(1, 32)),
    ),
    undefined,
  )
  assert.equal(
    openBindMessage(
      permanent,
      encrypt((text) => text.writeInt32LE(4000, 28)),
    ),
    undefined,
  )
})
