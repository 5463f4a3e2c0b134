import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { ConfigError, configOf, optionsHelp, parseConfig } from './config.ts'
import { defaultLimits } from './limits.ts'
import { DEFAULTS } from './mtproto/host.ts'

const none = () => undefined
const files = (map: Record<string, unknown>) => (path: string) =>
  map[path] === undefined ? undefined : typeof map[path] === 'string' ? map[path] : JSON.stringify(map[path])

const refused = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    assert.doesNotMatch(error.message, /\n/)
    return error.message
  }
  assert.fail('accepted')
}

describe('settings', () => {
  test('have defaults that suit one machine', () => {
    const config = parseConfig([], {}, none)
    assert.equal(config.dataDir, resolve('data'))
    assert.equal(config.host, '127.0.0.1')
    assert.equal(config.port, 4430)
    assert.equal(config.httpPort, 8080)
    assert.equal(config.dc, 2)
    assert.equal(config.test, false)
    assert.equal(config.advertise, undefined)
    assert.deepEqual(config.database, `sqlite:${resolve('data/chappe.db')}`)
    assert.deepEqual(config.blobs, resolve('data/blobs'))
    assert.deepEqual(config.limits, defaultLimits())
    assert.ok(config.limits.flood.code.count > 0)
  })

  test('flag before environment before file before default', () => {
    const read = files({ [join('d', 'chappe.json')]: { port: 1, host: '10.0.0.1', dc: 3, test: true } })
    const config = parseConfig(['--data', 'd', '--port', '3'], { CHAPPE_PORT: '2', CHAPPE_HOST: '10.0.0.2' }, read)
    assert.equal(config.port, 3)
    assert.equal(config.host, '10.0.0.2')
    assert.equal(config.dc, 3)
    assert.equal(config.test, true)
    assert.equal(config.httpPort, 8080)
    assert.equal(parseConfig(['--data=d', '--no-test'], {}, read).test, false)
  })

  test('an empty variable counts as not set', () => {
    assert.equal(parseConfig([], { CHAPPE_PORT: '' }, none).port, 4430)
  })

  test('nodes that are to hear of each other share a PostgreSQL', () => {
    for (const database of [[], ['--database', 'sqlite:x.db']]) {
      assert.throws(() => parseConfig(['--bus', 'nats://n1', ...database], {}, none), /^ConfigError: --bus: .*postgres/)
    }
    const both = ['--bus', 'nats://n1', '--database', 'postgres://db/chappe']
    assert.equal(parseConfig(both, {}, none).bus, 'nats://n1')
  })

  test('every kind of value is read', () => {
    const config = parseConfig(
      [
        ...['--advertise', 'chat.example.org:443', '--database', 'postgres://u:p@db/chappe', '--blobs', 's3://bucket'],
        ...['--bus', 'nats://n1:4222', '--http-port', 'off', '--smtp', 'smtp://u:p@mail:25', '--test', '--trust-proxy'],
        ...['--mtproxy-secret', 'DD'.padEnd(34, 'a'), '--mtproxy-secret', 'b'.repeat(32), '--log-level', 'debug'],
      ],
      { CHAPPE_SMS_HOOK: 'http://127.0.0.1:9/sms', CHAPPE_MAIL_FROM: 'Codes <codes@example.org>' },
      none,
    )
    assert.deepEqual(config.advertise, { host: 'chat.example.org', port: 443 })
    assert.deepEqual(config.database, 'postgres://u:p@db/chappe')
    assert.deepEqual(config.blobs, 's3://bucket')
    assert.equal(config.httpPort, undefined)
    assert.equal(config.trustProxy, true)
    assert.equal(config.mailFrom, 'Codes <codes@example.org>')
    assert.deepEqual(config.mtproxySecrets, [Buffer.from(`dd${'a'.repeat(32)}`, 'hex'), Buffer.alloc(16, 0xbb)])
    assert.deepEqual(configOf({ advertise: '[::1]:80' }).advertise, { host: '::1', port: 80 })
    assert.deepEqual(configOf({ advertise: '192.0.2.1' }).advertise, { host: '192.0.2.1' })
    assert.deepEqual(configOf({ database: 'sqlite:x.db' }).database, `sqlite:${resolve('x.db')}`)
  })

  test('an address of maps says where the place goes', () => {
    const address = 'https://maps.example/{zoom}/{lat},{long}'
    assert.equal(parseConfig(['--map-url', address], {}, none).mapUrl, address)
    for (const wrong of ['https://maps.example/{lat}', 'ftp://maps.example/{lat},{long}', '{lat}{long}']) {
      assert.match(
        refused(() => parseConfig(['--map-url', wrong], {}, none)),
        /map-url/,
      )
    }
  })

  test('every bound of the protocol can be set, and is there by itself what it is everywhere', () => {
    const { sweepMs: _, secrets: __, allowBare: ___, ...bounds } = DEFAULTS
    assert.deepEqual(defaultLimits().network, bounds)
  })

  test('limits are changed one by one', () => {
    const read = files({ 'c.json': { limits: { network: { maxFrame: 70_000 }, flood: { send: { count: 5 } } } } })
    const { limits } = parseConfig(['--config', 'c.json'], {}, read)
    const usual = defaultLimits()
    assert.equal(limits.network.maxFrame, 70_000)
    assert.deepEqual(limits.flood.send, { count: 5, seconds: usual.flood.send.seconds })
    assert.deepEqual(limits.flood.search, usual.flood.search)
    assert.equal(limits.network.idleMs, usual.network.idleMs)
    assert.equal(limits.chatMembers, usual.chatMembers)
  })
})

describe('a wrong setting stops the start with one line', () => {
  const message = (argv: string[], env = {}, map: Record<string, unknown> = {}) =>
    refused(() => parseConfig(argv, env, files(map)))

  test('named by where it stands', () => {
    assert.equal(message(['--port', 'abc']), '--port: expected a number between 0 and 65535, got "abc"')
    assert.equal(message(['--port', '65536']), '--port: expected a number between 0 and 65535, got "65536"')
    assert.equal(message([], { CHAPPE_DC: '7' }), 'CHAPPE_DC: expected a number between 1 and 5, got "7"')
    assert.equal(message([], { CHAPPE_TEST: 'maybe' }), 'CHAPPE_TEST: expected true or false, got "maybe"')
    const path = join('data', 'chappe.json')
    assert.equal(message([], {}, { [path]: { prot: 1 } }), `${path}: prot: unknown setting`)
    assert.equal(
      message([], {}, { [path]: { limits: { flood: { send: { count: -1 } } } } }),
      `${path}: limits.flood.send.count: expected a whole number between 1 and 1000000000, got -1`,
    )
    assert.equal(
      message([], {}, { [path]: { limits: { flood: { sned: {} } } } }),
      `${path}: limits.flood.sned: unknown setting`,
    )
    assert.match(message([], {}, { [path]: '{' }), /^data.chappe\.json: not JSON/)
    assert.match(message([], {}, { [path]: '[]' }), /expected one JSON object/)
    assert.equal(message(['--config', 'nowhere.json']), 'nowhere.json: no such file')
  })

  test('unknown flags and flags without a value', () => {
    assert.equal(message(['--prot', '1']), '--prot: unknown option (see chappe help)')
    assert.equal(message(['--port']), '--port: needs a value')
    assert.equal(message(['--test=1']), '--test: takes no value')
    assert.equal(message(['strat']), 'unexpected argument strat (see chappe help)')
  })

  test('passwords are not repeated', () => {
    for (const argv of [
      ['--database', 'mysql://u:hunter2@h'],
      ['--smtp', 'hunter2'],
      ['--mtproxy-secret', 'hunter2'],
    ]) {
      assert.doesNotMatch(message(argv), /hunter2/)
    }
  })

  test('values of a wrong shape', () => {
    for (const argv of [
      ['--advertise', 'a:0'],
      ['--advertise', 'http://a'],
      ['--blobs', 'ftp://x'],
      ['--bus', 'nats:'],
      ['--mail-from', 'nobody'],
      ['--mail-from', 'a@b\r\nBcc: c@d'],
      ['--log-level', 'loud'],
      ['--http-port', '-1'],
      ['--data', ''],
    ]) {
      assert.match(message(argv), new RegExp(`^${argv[0]}: `), argv.join(' '))
    }
  })
})

test('the help names every option once', () => {
  const names = optionsHelp()
    .split('\n')
    .map((line) => /^ {2}(--[a-z-]+)/.exec(line)?.[1])
  assert.equal(new Set(names).size, names.length)
  for (const name of ['--data', '--http-port', '--mtproxy-secret', '--config', '--test'])
    assert.ok(names.includes(name))
})
