import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device, startTestServer, type TestServer } from '../../../test/harness/index.ts'

const PHONE = '+491701234567'

async function sendCode(device: Device) {
  const sent = await device.call('auth.sendCode', {
    phoneNumber: PHONE,
    apiId: 4,
    apiHash: 'harness',
    settings: { _: 'codeSettings' },
  })
  assert.equal(sent._, 'auth.sentCode')
  return sent
}

const mailed = (server: TestServer) => /\b\d{6}\b/.exec(server.mails.at(-1)!.text)![0]

/** Signs up with a login address chosen on the way. */
async function signUp(server: TestServer, email: string): Promise<Device> {
  const device = await Device.open(server)
  const { phoneCodeHash } = await sendCode(device)
  const purpose = { _: 'emailVerifyPurposeLoginSetup' as const, phoneNumber: PHONE, phoneCodeHash }
  await device.fails('EMAIL_INVALID', 'account.sendVerifyEmailCode', { purpose, email: 'a@b@' })
  const sent = await device.call('account.sendVerifyEmailCode', { purpose, email })
  assert.deepEqual(sent, { _: 'account.sentEmailCode', emailPattern: 'a***e@example.org', length: 6 })
  const code = mailed(server)
  const given = (text: string) => ({ purpose, verification: { _: 'emailVerificationCode' as const, code: text } })
  await device.fails('CODE_INVALID', 'account.verifyEmail', given(code === '111111' ? '222222' : '111111'))
  await device.fails('EMAIL_NOT_ALLOWED', 'account.verifyEmail', {
    purpose,
    verification: { _: 'emailVerificationGoogle', token: 'x' },
  })
  const verified = await device.call('account.verifyEmail', given(code))
  assert.ok(verified._ === 'account.emailVerifiedLogin' && verified.sentCode._ === 'auth.sentCode')
  assert.deepEqual([verified.email, verified.sentCode.phoneCodeHash], [email, phoneCodeHash])
  await device.fails('EMAIL_VERIFY_EXPIRED', 'account.verifyEmail', given(code))
  const at = { phoneNumber: PHONE, phoneCodeHash }
  await device.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  await device.call('auth.signUp', { ...at, firstName: 'Alice', lastName: '' })
  return device
}

test('login codes go to the address that was chosen while signing in', async () => {
  await using server = await startTestServer()
  const device = await signUp(server, 'alice@example.org')
  assert.equal((await device.call('account.getPassword', {})).loginEmailPattern, 'a***e@example.org')
  const desk = await Device.open(server)
  const sent = await sendCode(desk)
  assert.ok(sent.type._ === 'auth.sentCodeTypeEmailCode')
  assert.deepEqual([sent.type.emailPattern, sent.type.length], ['a***e@example.org', 6])
  const at = { phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash }
  const code = mailed(server)
  await desk.fails('SEND_CODE_UNAVAILABLE', 'auth.resendCode', at)
  await desk.fails('PHONE_CODE_INVALID', 'auth.signIn', { ...at, phoneCode: code })
  // Nobody else chooses another address with the number alone.
  const purpose = { _: 'emailVerifyPurposeLoginSetup' as const, ...at }
  await desk.fails('EMAIL_NOT_ALLOWED', 'account.sendVerifyEmailCode', { purpose, email: 'eve@example.org' })
  const emailVerification = { _: 'emailVerificationCode' as const, code }
  const done = await desk.call('auth.signIn', { ...at, emailVerification })
  assert.equal(done._ === 'auth.authorization' && done.user.id, device.session.auth.userId)
})

test('a login address is changed with a code that goes to the new one', async () => {
  await using server = await startTestServer()
  const purpose = { _: 'emailVerifyPurposeLoginChange' as const }
  const [bob] = await server.people('Bob')
  await bob!.fails('EMAIL_NOT_SETUP', 'account.sendVerifyEmailCode', { purpose, email: 'bob@example.org' })
  const device = await signUp(server, 'alice@example.org')
  await device.call('account.sendVerifyEmailCode', { purpose, email: 'other@example.org' })
  const verification = { _: 'emailVerificationCode' as const, code: mailed(server) }
  const done = await device.call('account.verifyEmail', { purpose, verification })
  assert.deepEqual(done, { _: 'account.emailVerified', email: 'other@example.org' })
  await sendCode(await Device.open(server))
  assert.equal(server.mails.at(-1)!.to, 'other@example.org')
})

test('an address for Passport is proven without becoming the login address', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const purpose = { _: 'emailVerifyPurposePassport' as const }
  const nobody = await Device.open(server)
  await nobody.fails('AUTH_KEY_UNREGISTERED', 'account.sendVerifyEmailCode', { purpose, email: 'a@example.org' })
  await alice!.call('account.sendVerifyEmailCode', { purpose, email: 'a@example.org' })
  const verification = { _: 'emailVerificationCode' as const, code: mailed(server) }
  await alice!.call('account.verifyEmail', { purpose, verification })
  assert.equal((await alice!.call('account.getPassword', {})).loginEmailPattern, undefined)
  const rows = await server.app.store.db.selectFrom('verified_email').select(['user_id', 'email']).execute()
  assert.deepEqual(
    rows.map((r) => ({ ...r })),
    [{ user_id: alice!.id, email: 'a@example.org' }],
  )
})

test('a login address that cannot be read goes after a week, unless somebody reads it', async () => {
  await using server = await startTestServer()
  const phone = await signUp(server, 'alice@example.org')
  const desk = await Device.open(server)
  const named = async () => ({ phoneNumber: PHONE, phoneCodeHash: (await sendCode(desk)).phoneCodeHash })
  const waiting = await desk.call('auth.resetLoginEmail', await named())
  assert.ok(waiting._ === 'auth.sentCode' && waiting.type._ === 'auth.sentCodeTypeEmailCode')
  assert.equal(waiting.type.resetAvailablePeriod, undefined)
  assert.ok(waiting.type.resetPendingDate! > 0)
  assert.equal((await phone.texts()).filter((text) => text.includes('taken off')).length, 1)
  await desk.fails('TASK_ALREADY_EXISTS', 'auth.resetLoginEmail', await named())

  // Signing in with the address keeps it.
  const tablet = await Device.open(server)
  const { phoneCodeHash } = await sendCode(tablet)
  const emailVerification = { _: 'emailVerificationCode' as const, code: mailed(server) }
  await tablet.call('auth.signIn', { phoneNumber: PHONE, phoneCodeHash, emailVerification })
  const again = await desk.call('auth.resetLoginEmail', await named())
  assert.equal(again._ === 'auth.sentCode' && again.type._, 'auth.sentCodeTypeEmailCode')

  await server.clock.advance(7 * 86_400 + 1)
  const texts = server.texts.length
  const at = await named()
  const gone = await desk.call('auth.resetLoginEmail', at)
  assert.equal(gone._ === 'auth.sentCode' && gone.type._, 'auth.sentCodeTypeSms')
  assert.equal(server.texts.length, texts + 1)
  const done = await desk.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  assert.equal(done._ === 'auth.authorization' && done.user.id, phone.session.auth.userId)
  assert.equal((await desk.call('account.getPassword', {})).loginEmailPattern, undefined)
  await desk.fails('EMAIL_INSTALL_MISSING', 'auth.resetLoginEmail', await named())
})
