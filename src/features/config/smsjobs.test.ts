import assert from 'node:assert/strict'
import { Device, type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'

const DAY = 86_400
const TERMS = 'https://example.org/terms'
const settings = { smsJobs: TERMS, limits: { smsJobsMonthly: 3, smsJobSeconds: 60 } }
/** A German number, and what asks for a code to be sent there. */
const NUMBER = '491701234567'

/** Somebody wants a code at that number. */
async function ask(server: TestServer, phoneNumber = NUMBER): Promise<void> {
  const device = await Device.open(server)
  const sent = await device.call('auth.sendCode', {
    phoneNumber,
    apiId: 4,
    apiHash: 'harness',
    settings: { _: 'codeSettings' },
  })
  assert.equal(sent._, 'auth.sentCode')
}

/** The app says that it is there: other nodes than the one it is connected to know it by that. */
const online = (who: Person | Device) => who.call('account.updateStatus', { offline: false })

const given = async (who: Person | Device) => (await who.updatesOf('updateSmsJob')).map((update) => update.jobId)

test('an account joins, and its phone sends codes in place of the server', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const eligible = await alice.call('smsjobs.isEligibleToJoin', {})
  assert.deepEqual(eligible, { _: 'smsjobs.eligibleToJoin', termsUrl: TERMS, monthlySentSms: 3 })
  await alice.fails('NOT_JOINED', 'smsjobs.getStatus', {})
  await alice.fails('NOT_JOINED', 'smsjobs.leave', {})
  await alice.fails('NOT_JOINED', 'smsjobs.updateSettings', { allowInternational: true })
  assert.equal(await alice.call('smsjobs.join', {}), true)
  await online(alice)
  const start = Math.floor(server.clock.now() / 1000)
  // Test numbers are of no country: they send to others only when they say so.
  await ask(server)
  assert.equal(server.texts.length, 1)
  assert.deepEqual(await given(alice), [])
  await alice.call('smsjobs.updateSettings', { allowInternational: true })
  await ask(server)
  assert.equal(server.texts.length, 1)
  const [jobId, ...more] = await given(alice)
  assert.deepEqual(more, [])
  const job = await alice.call('smsjobs.getSmsJob', { jobId: jobId! })
  assert.equal(job.phoneNumber, `+${NUMBER}`)
  assert.match(job.text, /^Your code: \d{5}$/)
  await bob.fails('SMSJOB_ID_INVALID', 'smsjobs.getSmsJob', { jobId: jobId! })
  await bob.fails('SMSJOB_ID_INVALID', 'smsjobs.finishJob', { jobId: jobId! })
  await bob.fails('SMSJOB_ID_INVALID', 'smsjobs.finishJob', { jobId: jobId!, error: 'x' })
  assert.equal(await alice.call('smsjobs.finishJob', { jobId: jobId! }), true)
  await alice.fails('SMSJOB_ID_INVALID', 'smsjobs.finishJob', { jobId: jobId! })
  const status = await alice.call('smsjobs.getStatus', {})
  assert.deepEqual(JSON.parse(JSON.stringify(status)), {
    _: 'smsjobs.status',
    allowInternational: true,
    recentSent: 1,
    recentSince: start,
    recentRemains: 2,
    totalSent: 1,
    totalSince: start,
    termsUrl: TERMS,
  })
  await server.clock.advance(61)
  assert.equal(server.texts.length, 1)
})

test('what a phone does not send goes to another, and at last the usual way', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob] = await server.people('Alice', 'Bob')
  for (const who of [alice, bob]) {
    await who.call('smsjobs.join', {})
    await online(who)
    await who.call('smsjobs.updateSettings', { allowInternational: true })
  }
  await ask(server)
  const [first] = await given(alice)
  assert.equal(await alice.call('smsjobs.finishJob', { jobId: first!, error: 'no signal' }), true)
  assert.deepEqual(await given(bob), [first])
  await alice.fails('SMSJOB_ID_INVALID', 'smsjobs.getSmsJob', { jobId: first! })
  const { text } = await bob.call('smsjobs.getSmsJob', { jobId: first! })
  await server.clock.advance(60)
  await bob.fails('SMSJOB_ID_INVALID', 'smsjobs.finishJob', { jobId: first! })
  assert.deepEqual(
    server.texts.map((one) => [one.phone, one.text]),
    [[`+${NUMBER}`, text]],
  )
  assert.equal((await bob.call('smsjobs.getStatus', {})).totalSent, 0)
  // Who leaves gives back what they were to send.
  await ask(server, '491701234568')
  assert.equal((await given(alice)).length, 1)
  await alice.call('smsjobs.leave', {})
  assert.equal((await given(bob)).length, 1)
  await bob.call('smsjobs.leave', {})
  assert.equal(server.texts.length, 2)
  await alice.fails('NOT_JOINED', 'smsjobs.getStatus', {})
  // Who is signed in nowhere is given nothing.
  await bob.call('smsjobs.join', {})
  await bob.call('auth.logOut', {})
  await ask(server, '491701234569')
  assert.equal(server.texts.length, 3)
})

test('who has sent all they can in a month gets Premium for one; the next month they go on', async () => {
  await using server = await startTestServer({ settings })
  await runCommand(server.app, 'user create', ['+491709999999', 'Gerda'])
  const phone = await Device.open(server)
  const sent = await phone.call('auth.sendCode', {
    phoneNumber: '491709999999',
    apiId: 4,
    apiHash: 'harness',
    settings: { _: 'codeSettings' },
  })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  const { code } = server.texts.at(-1)!
  await phone.call('auth.signIn', { phoneNumber: '491709999999', phoneCodeHash, phoneCode: code })
  const state = await phone.call('updates.getState', {})
  phone.start = { pts: state.pts, qts: state.qts, date: state.date }
  await phone.pushes()
  phone.audited = phone.received.length
  await phone.call('smsjobs.join', {})
  await online(phone)
  // Its own country needs no leave; nobody sends to themselves.
  await ask(server, '491709999999')
  assert.deepEqual(await given(phone), [])
  for (let i = 1; i <= 3; i++) {
    await ask(server, `49170123456${i}`)
    const [jobId] = await given(phone)
    await phone.call('smsjobs.finishJob', { jobId: jobId! })
  }
  const self = async () =>
    (await phone.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] }))[0] as { premium?: boolean }
  assert.equal((await self()).premium, true)
  assert.equal((await phone.call('smsjobs.getStatus', {})).recentRemains, 0)
  const texts = server.texts.length
  await ask(server)
  assert.equal(server.texts.length, texts + 1)
  await server.clock.advance(30 * DAY)
  assert.equal((await self()).premium, undefined)
  const fresh = await phone.call('smsjobs.getStatus', {})
  assert.deepEqual([fresh.recentSent, fresh.recentRemains, fresh.totalSent], [0, 3, 3])
  await online(phone)
  await ask(server, '491701234570')
  assert.equal((await given(phone)).length, 1)
})

test('without the operator’s word nobody may', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  await alice.fails('NOT_ELIGIBLE', 'smsjobs.isEligibleToJoin', {})
  await alice.fails('NOT_ELIGIBLE', 'smsjobs.join', {})
})
