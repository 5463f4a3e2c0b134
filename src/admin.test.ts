import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Device, startTestServer } from '../test/harness/index.ts'
import { runCommand } from './admin.ts'
import { tokenHash } from './domain/accounts.ts'

test('an account is made, listed and found by phone, number and username', async () => {
  await using server = await startTestServer()
  const { app } = server
  assert.deepEqual(await runCommand(app, 'user list', []), ['no accounts yet'])
  const [made] = await runCommand(app, 'user create', ['+49 (170) 123-4567', 'Alice', 'Jones'])
  const id = made!.match(/^account (\d+) with \+491701234567$/)?.[1] as string
  assert.ok(id, made!)
  const [listed] = await runCommand(app, 'user list', [])
  assert.deepEqual(listed!.split('\t'), [id, '+491701234567', '-', 'Alice Jones', '0 devices', ''])
  assert.match((await runCommand(app, 'user ban', ['491701234567']))[0]!, new RegExp(`^account ${id} banned`))
  assert.match((await runCommand(app, 'user ban', [id]))[0]!, /is banned already/)
  assert.match((await runCommand(app, 'user list', []))[0]!, /\tbanned$/)
  assert.match((await runCommand(app, 'user unban', [id]))[0]!, /may sign in again/)
})

test('a server in figures', async () => {
  // Each node says how many are connected to it.
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob] = await server.people('Alice', 'Bob')
  await runCommand(server.app, 'user bot', ['echo_bot', 'Echo'])
  await alice.say(bob, 'one')
  await alice.say(bob, 'two')
  await alice.device()
  await alice.call('account.updateStatus', { offline: false })
  const figure = async () => {
    const lines = await runCommand(server.app, 'stats', [])
    return Object.fromEntries(lines.map((line) => line.split(/ {2,}/) as [string, string]))
  }
  const before = await figure()
  assert.equal(before.accounts, '2 people, 1 bots, 0 deleted')
  assert.match(before.online!, /^1 say so, 2 connected/)
  assert.equal(before.devices, '3')
  assert.match(before.messages!, /^\d+ in accounts' copies, 0 in channels/)
  const messages = (text: string) => Number.parseInt(text, 10)
  await alice.say(bob, 'three')
  assert.equal(messages((await figure()).messages!), messages(before.messages!) + 2)
  assert.match(before.database!, /^(sqlite|postgres), [\d.]+ [KM]iB$/)
})

test('a new account signs in like any other', async () => {
  await using server = await startTestServer()
  const [line] = await runCommand(server.app, 'user create', ['9996620001', 'Alice'])
  // No first name: the harness would fail if the number had no account.
  const id = await server.signIn(await Device.open(server), '9996620001')
  assert.match(line!, new RegExp(`^account ${id} `))
  assert.match((await runCommand(server.app, 'user list', [])).join('\n'), new RegExp(`^${id}\t.*\t1 device\t`, 'm'))
})

test('the operator gives a code to somebody who waits for one', async () => {
  await using server = await startTestServer()
  const phone = '491701234567'
  await assert.rejects(runCommand(server.app, 'user code', [phone]), /nobody signs in/)
  const device = await Device.open(server)
  const settings = { _: 'codeSettings' } as const
  const sent = await device.call('auth.sendCode', { phoneNumber: phone, apiId: 4, apiHash: 'x', settings })
  assert.equal(sent._, 'auth.sentCode')
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  const before = server.texts.at(-1)!.code
  const [line] = await runCommand(server.app, 'user code', [`+${phone}`])
  const phoneCode = line!.match(/^code (\d{5}) for \+491701234567$/)?.[1] as string
  if (before !== phoneCode) {
    await device.fails('PHONE_CODE_INVALID', 'auth.signIn', { phoneNumber: phone, phoneCodeHash, phoneCode: before })
  }
  const answer = await device.call('auth.signIn', { phoneNumber: phone, phoneCodeHash, phoneCode })
  assert.equal(answer._, 'auth.authorizationSignUpRequired')
})

test('a bot gets a token of which only a hash is kept', async () => {
  await using server = await startTestServer()
  const { app } = server
  const [made, line] = await runCommand(app, 'user bot', ['@Echo_Bot', 'Echo'])
  const token = line!.match(/^token (\d+:[A-Za-z0-9_-]{35})$/)?.[1] as string
  assert.ok(token, line!)
  const row = await app.store.db.selectFrom('user').selectAll().where('bot', '=', 1).executeTakeFirstOrThrow()
  assert.match(made!, new RegExp(`^bot ${row.id} @Echo_Bot$`))
  assert.equal(row.bot_token, tokenHash({ app }, token))
  assert.ok(!JSON.stringify(row).includes(token.split(':')[1]!))
  await assert.rejects(runCommand(app, 'user bot', ['echo_bot', 'Again']), /@echo_bot is taken/)
  assert.equal((await runCommand(app, 'user list', [])).length, 1)
})

test('a banned account is signed out everywhere', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const second = await alice!.device()
  const [line] = await runCommand(server.app, 'user ban', [String(alice!.id)])
  assert.match(line!, /banned, 2 devices signed out/)
  await alice!.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  await second.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  await bob!.call('updates.getState', {})
  const settings = { _: 'codeSettings' } as const
  const device = await Device.open(server)
  await device.fails('PHONE_NUMBER_BANNED', 'auth.sendCode', {
    phoneNumber: alice!.phone,
    apiId: 4,
    apiHash: 'x',
    settings,
  })
  await runCommand(server.app, 'user unban', [alice!.phone])
  assert.equal(await server.signIn(device, alice!.phone), alice!.id)
})

test('a language is imported, changed and read by clients', async () => {
  await using server = await startTestServer()
  const path = join(mkdtempSync(join(tmpdir(), 'chappe-langpack-')), 'tlh.json')
  const write = (content: unknown) => writeFileSync(path, JSON.stringify(content))
  const language = { pack: 'android', code: 'tlh', name: 'Klingon', nativeName: 'tlhIngan Hol' }
  write({ ...language, strings: { Hello: 'nuqneH', Days: { one: '%d jaj', other: '%d jajmey' } } })
  assert.deepEqual(await runCommand(server.app, 'langpack import', [path]), [
    'android/tlh: version 1, 2 strings changed',
  ])
  write({ ...language, strings: { Hello: 'nuqneH!', Days: { one: '%d jaj', other: '%d jajmey' } } })
  assert.match((await runCommand(server.app, 'langpack import', [path]))[0]!, /version 2, 1 strings changed/)
  const [alice] = await server.people('Alice')
  const pack = await alice!.call('langpack.getLangPack', { langPack: 'android', langCode: 'tlh' })
  assert.deepEqual(pack.strings, [
    { _: 'langPackStringPluralized', key: 'Days', oneValue: '%d jaj', otherValue: '%d jajmey' },
    { _: 'langPackString', key: 'Hello', value: 'nuqneH!' },
  ])
  for (const wrong of [[], { ...language, strings: { a: 1 } }, { ...language, code: '../x', strings: {} }]) {
    write(wrong)
    await assert.rejects(runCommand(server.app, 'langpack import', [path]), /tlh\.json: /)
  }
  rmSync(dirname(path), { recursive: true })
})

test('what cannot be done is refused in plain words and changes nothing', async () => {
  await using server = await startTestServer()
  const { app } = server
  await runCommand(app, 'user create', ['491701234567', 'Alice'])
  for (const [name, args, reason] of [
    ['user create', ['491701234567', 'Bob'], /\+491701234567 belongs to account/],
    ['user create', ['12', 'Bob'], /not a phone number/],
    ['user create', ['491701234568', '   '], /a name has/],
    ['user create', ['491701234568', 'x'.repeat(65)], /a name has/],
    ['user create', ['491701234568'], /^Error: usage: chappe user create PHONE FIRSTNAME \[LASTNAME\]$/],
    ['user bot', ['echo', 'Echo'], /ends with "bot"/],
    ['user ban', ['@nobody'], /no such account/],
    ['user ban', ['-1; drop table user'], /no such account/],
    ['constructor', [], /unknown command/],
  ] as const) {
    await assert.rejects(runCommand(app, name, [...args]), reason, `${name} ${args.join(' ')}`)
  }
  assert.equal((await runCommand(app, 'user list', [])).length, 1)
})
