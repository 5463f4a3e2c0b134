import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, pretty, shortPhone } from './log.ts'

function lines(level: 'info' | 'debug' = 'info') {
  const all: string[] = []
  return { all, log: createLog(level, { to: { write: (line) => all.push(line) } }) }
}

test('phone numbers are shortened, and what could be a secret or a text is hidden', () => {
  const { all, log } = lines()
  const facts = { text: 'my secret words', password: 'my secret', body: Buffer.from('secret'), token: 'secret' }
  log.info({ phone: '+491701234567', ...facts, user: 5 }, 'signed in')
  const [line] = all
  assert.doesNotMatch(line!, /secret words|my secret|1701234|c2Vj/)
  const parsed = JSON.parse(line!)
  assert.equal(parsed.phone, '+4917…67')
  assert.equal(parsed.user, 5)
  assert.equal(parsed.msg, 'signed in')
})

test('an error is logged without the values of rows that a database hangs on it', () => {
  const { all, log } = lines()
  const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (phone)=(491701234567)' })
  log.error({ err: new Error('sending failed', { cause: error }) }, 'request failed')
  assert.doesNotMatch(all[0]!, /491701234567/)
  const { err } = JSON.parse(all[0]!)
  assert.equal(err.cause.code, '23505')
  assert.match(err.stack, /log\.test\.ts/)
})

test('the level is kept', () => {
  const { all, log } = lines()
  log.debug({}, 'unseen')
  assert.equal(all.length, 0)
})

test('short numbers are not shown at all', () => {
  assert.equal(shortPhone('12345'), '…')
  assert.equal(shortPhone(undefined), '…')
})

test('lines for people have time, level, text, facts and the stack', () => {
  const { all, log } = lines()
  log.warn({ user: 5, list: [1] }, 'slow')
  log.error({ err: new Error('boom') }, 'failed')
  assert.match(pretty(all[0]!), /^\d\d:\d\d:\d\d warn {2}slow user=5 list=\[1\]\n$/)
  assert.match(pretty(all[1]!), /ERROR failed\n {2}Error: boom\n {6}at /)
})
