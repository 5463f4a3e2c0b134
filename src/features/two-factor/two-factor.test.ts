import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { Device, type Person, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import { newPassword, proofOf } from '../../../test/harness/srp.ts'
import { createLog } from '../../log.ts'
import { createSenders } from '../../senders/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const EMPTY = { _: 'inputCheckPasswordEmpty' as const }

type Caller = Pick<Device, 'call' | 'fails'>

async function settings(who: Caller, password: string, more: Partial<tl.account_passwordInputSettings> = {}) {
  const state = await who.call('account.getPassword', {})
  return {
    _: 'account.passwordInputSettings' as const,
    ...(await newPassword(state, password)),
    hint: 'a hint',
    ...more,
  }
}

const proof = async (who: Caller, password: string) => proofOf(await who.call('account.getPassword', {}), password)

async function protect(who: Caller, password: string): Promise<void> {
  await who.call('account.updatePasswordSettings', { password: EMPTY, newSettings: await settings(who, password) })
}

/** A device that gave its code and owes the password. */
async function pending(server: TestServer, person: Person): Promise<Device> {
  const device = await Device.open(server)
  const { phone } = person
  const sent = await device.call('auth.sendCode', {
    phoneNumber: phone,
    apiId: 4,
    apiHash: 'x',
    settings: { _: 'codeSettings' },
  })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  const phoneCode = phone[5]!.repeat(5)
  await device.fails('SESSION_PASSWORD_NEEDED', 'auth.signIn', { phoneNumber: phone, phoneCodeHash, phoneCode })
  return device
}

const codeIn = (server: TestServer) => /\b\d{6}\b/.exec(server.mails.at(-1)!.text)![0]
const other = (code: string) => (code === '111111' ? '222222' : '111111')

describe('a password', () => {
  test('is asked for when another device signs in', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    const before = await alice.call('account.getPassword', {})
    assert.equal(before.hasPassword, undefined)
    await protect(alice, 'correct horse')
    const after = await alice.call('account.getPassword', {})
    assert.deepEqual([after.hasPassword, after.hint, after.hasRecovery], [true, 'a hint', undefined])

    const desk = await pending(server, alice)
    await desk.fails('SESSION_PASSWORD_NEEDED', 'updates.getState', {})
    await desk.fails('PASSWORD_HASH_INVALID', 'auth.checkPassword', { password: EMPTY })
    await desk.fails('PASSWORD_HASH_INVALID', 'auth.checkPassword', { password: await proof(desk, 'wrong') })
    const check = await proof(desk, 'correct horse')
    await desk.fails('SRP_ID_INVALID', 'auth.checkPassword', { password: { ...check, srpId: 12345n } })
    // What another session was asked is not what this one was.
    await desk.fails('PASSWORD_HASH_INVALID', 'auth.checkPassword', { password: await proof(alice, 'correct horse') })
    const done = await desk.call('auth.checkPassword', { password: check })
    assert.equal(done._ === 'auth.authorization' && done.user.id, alice.id)
    await desk.call('updates.getState', {})
    const stranger = await Device.open(server)
    await stranger.fails('AUTH_KEY_UNREGISTERED', 'auth.checkPassword', { password: EMPTY })
    await stranger.fails('AUTH_KEY_UNREGISTERED', 'account.getPassword', {})
    const [told] = await alice.updatesOf('updateNewAuthorization')
    assert.equal(told?.unconfirmed, undefined)
  })

  test('is changed and taken off only by whoever knows it', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    await alice.fails('NEW_SETTINGS_EMPTY', 'account.updatePasswordSettings', {
      password: EMPTY,
      newSettings: { _: 'account.passwordInputSettings' },
    })
    await protect(alice, 'first')
    const second = await settings(alice, 'second')
    await alice.fails('PASSWORD_HASH_INVALID', 'account.updatePasswordSettings', {
      password: EMPTY,
      newSettings: second,
    })
    const stale = await proof(alice, 'first')
    const salts = { ...second, newAlgo: { ...(second.newAlgo as any), salt1: new Uint8Array(40) } }
    await alice.fails('NEW_SALT_INVALID', 'account.updatePasswordSettings', {
      password: await proof(alice, 'first'),
      newSettings: salts,
    })
    await alice.fails('NEW_SETTINGS_INVALID', 'account.updatePasswordSettings', {
      password: await proof(alice, 'first'),
      newSettings: { ...second, newPasswordHash: new Uint8Array(256) },
    })
    await alice.call('account.updatePasswordSettings', { password: await proof(alice, 'first'), newSettings: second })
    await alice.fails('SRP_PASSWORD_CHANGED', 'account.getPasswordSettings', { password: stale })
    await alice.fails('PASSWORD_HASH_INVALID', 'account.getPasswordSettings', { password: await proof(alice, 'first') })
    const kept = await alice.call('account.getPasswordSettings', { password: await proof(alice, 'second') })
    assert.deepEqual(kept, { _: 'account.passwordSettings' })

    const secure: tl.secureSecretSettings = {
      _: 'secureSecretSettings',
      secureAlgo: { _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000', salt: Buffer.from('salt') },
      secureSecret: Buffer.alloc(32, 7),
      secureSecretId: 99n,
    }
    await alice.call('account.updatePasswordSettings', {
      password: await proof(alice, 'second'),
      newSettings: { _: 'account.passwordInputSettings', newSecureSettings: secure },
    })
    const passport = await alice.call('account.getPasswordSettings', { password: await proof(alice, 'second') })
    assert.equal(passport.secureSettings?.secureSecretId, 99n)
    assert.equal((await alice.call('account.getPassword', {})).hasSecureValues, true)

    await alice.call('account.updatePasswordSettings', {
      password: await proof(alice, 'second'),
      newSettings: {
        _: 'account.passwordInputSettings',
        newAlgo: { _: 'passwordKdfAlgoUnknown' },
        newPasswordHash: new Uint8Array(),
        hint: '',
      },
    })
    const gone = await alice.call('account.getPassword', {})
    assert.deepEqual([gone.hasPassword, gone.srpId, gone.hint], [undefined, undefined, undefined])
    await alice.device()
  })
})

describe('a recovery address', () => {
  test('holds the change back until it is confirmed', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    const newSettings = await settings(alice, 'secret', { email: 'alice@Example.org' })
    const set = { password: EMPTY, newSettings }
    await alice.fails('EMAIL_INVALID', 'account.updatePasswordSettings', {
      ...set,
      newSettings: { ...newSettings, email: 'alice' },
    })
    await alice.fails('EMAIL_UNCONFIRMED_6', 'account.updatePasswordSettings', set)
    assert.equal(server.mails.at(-1)!.to, 'alice@example.org')
    const waiting = await alice.call('account.getPassword', {})
    assert.deepEqual([waiting.hasPassword, waiting.emailUnconfirmedPattern], [undefined, 'a***e@example.org'])
    const first = codeIn(server)
    assert.equal(await alice.call('account.resendPasswordEmail', {}), true)
    const code = codeIn(server)
    await alice.fails('CODE_INVALID', 'account.confirmPasswordEmail', { code: other(code) })
    if (first !== code) await alice.fails('CODE_INVALID', 'account.confirmPasswordEmail', { code: first })
    // Any device of the account may give the code.
    const desk = await alice.device()
    assert.equal(await desk.call('account.confirmPasswordEmail', { code }), true)
    const after = await alice.call('account.getPassword', {})
    assert.deepEqual([after.hasPassword, after.hasRecovery, after.emailUnconfirmedPattern], [true, true, undefined])
    const kept = await alice.call('account.getPasswordSettings', { password: await proof(alice, 'secret') })
    assert.equal(kept.email, 'alice@example.org')
    await alice.fails('EMAIL_HASH_EXPIRED', 'account.confirmPasswordEmail', { code })
    await alice.fails('EMAIL_HASH_EXPIRED', 'account.resendPasswordEmail', {})
    // Taking the address off needs no code.
    await alice.call('account.updatePasswordSettings', {
      password: await proof(alice, 'secret'),
      newSettings: { _: 'account.passwordInputSettings', email: '' },
    })
    assert.equal((await alice.call('account.getPassword', {})).hasRecovery, undefined)
  })

  test('that was a mistake is dropped with the change', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    await alice.fails('EMAIL_HASH_EXPIRED', 'account.cancelPasswordEmail', {})
    await alice.fails('EMAIL_UNCONFIRMED_6', 'account.updatePasswordSettings', {
      password: EMPTY,
      newSettings: await settings(alice, 'secret', { email: 'eve@example.org' }),
    })
    assert.equal(await alice.call('account.cancelPasswordEmail', {}), true)
    assert.equal((await alice.call('account.getPassword', {})).emailUnconfirmedPattern, undefined)
    await alice.fails('EMAIL_HASH_EXPIRED', 'account.confirmPasswordEmail', { code: codeIn(server) })
  })

  test('lets in whoever forgot the password', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    const set = { password: EMPTY, newSettings: await settings(alice, 'secret', { email: 'alice@example.org' }) }
    await alice.fails('PASSWORD_EMPTY', 'auth.requestPasswordRecovery', {})
    await alice.fails('EMAIL_UNCONFIRMED_6', 'account.updatePasswordSettings', set)
    await alice.call('account.confirmPasswordEmail', { code: codeIn(server) })
    const desk = await pending(server, alice)
    const asked = await desk.call('auth.requestPasswordRecovery', {})
    assert.equal(asked.emailPattern, 'a***e@example.org')
    const code = codeIn(server)
    await desk.fails('CODE_EMPTY', 'auth.checkRecoveryPassword', { code: '' })
    await desk.fails('CODE_INVALID', 'auth.checkRecoveryPassword', { code: other(code) })
    assert.equal(await desk.call('auth.checkRecoveryPassword', { code }), true)
    const newSettings = await settings(desk, 'new secret')
    const done = await desk.call('auth.recoverPassword', { code, newSettings })
    assert.equal(done._ === 'auth.authorization' && done.user.id, alice.id)
    await desk.fails('PASSWORD_RECOVERY_EXPIRED', 'auth.checkRecoveryPassword', { code })
    await alice.call('account.getPasswordSettings', { password: await proof(alice, 'new secret') })
    // Without a new one the password goes.
    const tablet = await pending(server, alice)
    await tablet.call('auth.requestPasswordRecovery', {})
    await tablet.call('auth.recoverPassword', { code: codeIn(server) })
    assert.equal((await alice.call('account.getPassword', {})).hasPassword, undefined)
  })

  test('missing, leaves only waiting', async () => {
    await using server = await startTestServer()
    const alice = await server.person('Alice')
    await alice.fails('PASSWORD_EMPTY', 'account.resetPassword', {})
    await protect(alice, 'forgotten')
    const desk = await pending(server, alice)
    await desk.fails('PASSWORD_RECOVERY_NA', 'auth.requestPasswordRecovery', {})
    await alice.fails('RESET_REQUEST_MISSING', 'account.declinePasswordReset', {})
    const wait = await alice.call('account.resetPassword', {})
    assert.equal(wait._, 'account.resetPasswordRequestedWait')
    const state = await alice.call('account.getPassword', {})
    assert.equal(wait._ === 'account.resetPasswordRequestedWait' && wait.untilDate, state.pendingResetDate)
    assert.equal(await alice.call('account.declinePasswordReset', {}), true)
    assert.equal((await alice.call('account.resetPassword', {}))._, 'account.resetPasswordFailedWait')
    await server.clock.advance(7 * 86_400 + 1)
    assert.equal((await alice.call('account.resetPassword', {}))._, 'account.resetPasswordRequestedWait')
    assert.equal((await alice.call('account.resetPassword', {}))._, 'account.resetPasswordRequestedWait')
    await server.clock.advance(7 * 86_400 + 1)
    assert.equal((await alice.call('account.resetPassword', {}))._, 'account.resetPasswordOk')
    assert.equal((await alice.call('account.getPassword', {})).hasPassword, undefined)
    await alice.device()
  })
})

test('codes arrive through a mail server', async () => {
  const letters: { to: string[]; source: string }[] = []
  const box = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let source = ''
      stream.setEncoding('utf8').on('data', (part: string) => {
        source += part
      })
      stream.on('end', () => {
        letters.push({ to: session.envelope.rcptTo.map((r) => r.address), source })
        done()
      })
    },
  })
  await new Promise<void>((done) => box.listen(0, '127.0.0.1', done))
  const { port } = box.server.address() as AddressInfo
  const senders = createSenders(
    { smtp: `smtp://127.0.0.1:${port}`, mailFrom: 'codes@example.org' },
    createLog('silent'),
  )
  try {
    await using server = await startTestServer()
    Object.assign(server.app.senders, { mail: senders.mail })
    const alice = await server.person('Alice')
    const set = { password: EMPTY, newSettings: await settings(alice, 'secret', { email: 'alice@example.org' }) }
    await alice.fails('EMAIL_UNCONFIRMED_6', 'account.updatePasswordSettings', set)
    assert.deepEqual(letters[0]?.to, ['alice@example.org'])
    const code = /Your code is (\d{6})\./.exec(letters[0]!.source)![1]!
    assert.equal(await alice.call('account.confirmPasswordEmail', { code }), true)
    assert.equal((await alice.call('account.getPassword', {})).hasRecovery, true)
  } finally {
    senders.close()
    await new Promise<void>((done) => box.close(done))
  }
})

test('a password cannot be tried from many devices without end', async () => {
  const limits = { flood: { password: { count: 2, seconds: 3600 } } }
  await using server = await startTestServer({ settings: { test: false, limits } })
  const phoneNumber = '+491701234567'
  const enter = async () => {
    const device = await Device.open(server)
    const settings = { _: 'codeSettings' as const }
    const sent = await device.call('auth.sendCode', { phoneNumber, apiId: 4, apiHash: 'x', settings })
    const { phoneCodeHash } = sent as { phoneCodeHash: string }
    return { device, at: { phoneNumber, phoneCodeHash } }
  }
  const { device: alice, at } = await enter()
  await alice.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  await alice.call('auth.signUp', { ...at, firstName: 'Alice', lastName: '' })
  await protect(alice, 'secret')
  const thief = async () => {
    const { device, at } = await enter()
    const phoneCode = /\b\d{5}\b/.exec((await alice.texts()).at(-1)!)![0]
    await device.fails('SESSION_PASSWORD_NEEDED', 'auth.signIn', { ...at, phoneCode })
    return device
  }
  const first = await thief()
  for (const guess of ['one', 'two']) {
    await first.fails('PASSWORD_HASH_INVALID', 'auth.checkPassword', { password: await proof(first, guess) })
  }
  const second = await thief()
  const right = await proof(second, 'secret')
  await assert.rejects(() => second.call('auth.checkPassword', { password: right }), /FLOOD_WAIT_3[56]\d\d/)
  await server.clock.advance(3601)
  const done = await second.call('auth.checkPassword', { password: await proof(second, 'secret') })
  assert.equal(done._, 'auth.authorization')
})
