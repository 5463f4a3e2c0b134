// What protects others is bounded for all nodes together, through the database: codes sent, wrong codes, wrong passwords.
import assert from 'node:assert/strict'
import { test as nodeTest } from 'node:test'
import { DIALECTS } from '../src/storage/test-store.ts'
import { type CallError, Device, test as harnessTest, startTestServer, type TestServer } from './harness/index.ts'
import { newPassword, proofOf } from './harness/srp.ts'

const here = DIALECTS.includes('postgres')
const test: typeof harnessTest = here ? harnessTest : (name) => void nodeTest.skip(name, () => {})
const phoneNumber = '+491701234567'
const settings = { _: 'codeSettings' as const }

async function sendCode(device: Device): Promise<{ phoneNumber: string; phoneCodeHash: string }> {
  const sent = await device.call('auth.sendCode', { phoneNumber, apiId: 4, apiHash: 'x', settings })
  return { phoneNumber, phoneCodeHash: (sent as { phoneCodeHash: string }).phoneCodeHash }
}

/** How calls made side by side ended: by error, without its number; 'done' for those that were answered. */
async function outcomes(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counted: Record<string, number> = {}
  for (const call of await Promise.allSettled(calls)) {
    const error = call.status === 'rejected' ? (call.reason as CallError).type.replace(/_\d+$/, '') : 'done'
    counted[error] = (counted[error] ?? 0) + 1
  }
  return counted
}

const devices = (server: TestServer, count: number) =>
  Promise.all(Array.from({ length: count }, () => Device.open(server)))

test('codes for one number are bounded at all nodes together, also when they are asked for at once', async () => {
  const limits = { flood: { code: { count: 3, seconds: 3600 } } }
  await using server = await startTestServer({ nodes: 3, settings: { test: false, limits } })
  const asking = await devices(server, 8)
  assert.equal(new Set(asking.map((device) => device.node)).size, 3)
  assert.deepEqual(await outcomes(asking.map(sendCode)), { done: 3, FLOOD_WAIT: 5 })
  assert.equal(server.texts.length, 3)
})

test('wrong codes and wrong passwords are counted at all nodes together', async () => {
  const limits = { flood: { password: { count: 3, seconds: 3600 } }, codeAttempts: 4 }
  await using server = await startTestServer({ nodes: 3, settings: { test: false, limits } })
  const [first] = await devices(server, 1)
  const at = await sendCode(first!)
  await first!.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  await first!.call('auth.signUp', { ...at, firstName: 'Alice', lastName: '' })
  const set = await newPassword(await first!.call('account.getPassword', {}), 'secret')
  await first!.call('account.updatePasswordSettings', {
    password: { _: 'inputCheckPasswordEmpty' },
    newSettings: { _: 'account.passwordInputSettings', ...set, hint: '' },
  })

  const second = await Device.open(server)
  assert.notEqual(second.node, first!.node)
  const login = await sendCode(second)
  const phoneCode = /\b\d{5}\b/.exec((await first!.texts()).at(-1)!)![0]
  const wrong = phoneCode === '11111' ? '22222' : '11111'
  // The same key, connected to either node.
  const twin = await second.elsewhere(first!.node)
  const tries = Array.from({ length: 8 }, (_, i) =>
    (i % 2 ? twin : second).call('auth.signIn', { ...login, phoneCode: wrong }),
  )
  assert.deepEqual(await outcomes(tries), { PHONE_CODE_INVALID: 4, PHONE_CODE_EXPIRED: 4 })

  const third = await sendCode(second)
  const good = /\b\d{5}\b/.exec((await first!.texts()).at(-1)!)![0]
  await second.fails('SESSION_PASSWORD_NEEDED', 'auth.signIn', { ...third, phoneCode: good })
  await first!.fails('PASSWORD_HASH_INVALID', 'account.getPasswordSettings', {
    password: await proofOf(await first!.call('account.getPassword', {}), 'wrong'),
  })
  const guesses = await Promise.all(
    [first!, second, first!, second].map(async (device) => ({
      device,
      password: await proofOf(await first!.call('account.getPassword', {}), 'wrong'),
    })),
  )
  const made = guesses.map(({ device, password }) =>
    device === first
      ? device.call('account.getPasswordSettings', { password })
      : device.call('auth.checkPassword', { password }),
  )
  assert.deepEqual(await outcomes(made), { PASSWORD_HASH_INVALID: 2, FLOOD_WAIT: 2 })
})

test('what one account may do a few times it may do a few times at all nodes together', async () => {
  const limits = { flood: { import: { count: 4, seconds: 3600 }, code: { count: 3, seconds: 3600 } } }
  await using server = await startTestServer({ nodes: 3, settings: { test: false, limits } })
  const [first] = await devices(server, 1)
  const at = await sendCode(first!)
  await first!.call('auth.signIn', { ...at, phoneCode: server.texts.at(-1)!.code })
  await first!.call('auth.signUp', { ...at, firstName: 'Alice', lastName: '' })
  const all = [first!, await first!.elsewhere(server.nodes[1]!), await first!.elsewhere(server.nodes[2]!)]
  const everywhere = (calls: number, call: (device: Device, i: number) => Promise<unknown>) =>
    outcomes(Array.from({ length: calls }, (_, i) => call(all[i % 3]!, i)))
  const contact = (i: number) => ({
    _: 'inputPhoneContact' as const,
    clientId: 1n,
    phone: `+49170555000${i}`,
    firstName: 'X',
    lastName: '',
  })
  const guess = (device: Device, i: number) => device.call('contacts.importContacts', { contacts: [contact(i)] })
  assert.deepEqual(await everywhere(9, guess), { done: 4, FLOOD_WAIT: 5 })

  // A code that is mailed anew takes the place of the one before: it is counted all the same.
  const purpose = { _: 'emailVerifyPurposePassport' as const }
  const mail = (device: Device) => device.call('account.sendVerifyEmailCode', { purpose, email: 'alice@example.org' })
  assert.deepEqual(await everywhere(6, mail), { done: 3, FLOOD_WAIT: 3 })
  assert.equal(server.mails.length, 3)

  await server.clock.advance(3601)
  assert.deepEqual(await everywhere(9, guess), { done: 4, FLOOD_WAIT: 5 })
  await server.clock.advance(2 * 3600)
  assert.deepEqual(await server.app.store.db.selectFrom('flood').selectAll().execute(), [])
})
