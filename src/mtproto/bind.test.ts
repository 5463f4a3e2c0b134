import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { openBindMessage } from './bind.ts'
import { authKeyId } from './crypto.ts'
import { encryptBinding } from './test-bind.ts'

const permanent = randomBytes(256)
const fields = {
  nonce: -5n,
  tempAuthKeyId: 0xfedcba9876543210n,
  permAuthKeyId: authKeyId(permanent),
  tempSessionId: -77n,
  expiresAt: 1_800_000_000,
  msgId: 0x65000000_00000004n,
}

const encrypt = (edit?: (text: Buffer) => void) => encryptBinding(permanent, fields, edit)

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
