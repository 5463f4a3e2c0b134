import assert from 'node:assert/strict'
import { startTestServer, test, watchRetries } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const ROUNDS = 25

test('contacts of one another, written from all sides at once, wait for each other and never in a ring', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const devices = await Promise.all(people.map((person) => person.device()))
  const retries = watchRetries(server)
  for (let round = 0; round < ROUNDS; round++) {
    const calls: Promise<unknown>[] = []
    for (const [i, person] of people.entries()) {
      const others = people.filter((other) => other !== person)
      if (round % 2) others.reverse()
      const book = others.map((other, n): tl.inputPhoneContact => {
        const name = { firstName: other.firstName, lastName: `${round}` }
        return { _: 'inputPhoneContact', clientId: BigInt(n), phone: other.phone, ...name }
      })
      const [first, last] = [others[0]!, others.at(-1)!]
      calls.push(person.call('contacts.importContacts', { contacts: i % 2 ? book.toReversed() : book }))
      const id = person.userOf(last)
      calls.push(devices[i]!.call('contacts.addContact', { id, firstName: `${round}`, lastName: '', phone: '' }))
      const users = [first, last].map((other) => person.userOf(other))
      calls.push(devices[i]!.call('contacts.deleteContacts', { id: round % 3 ? users : users.toReversed() }))
      calls.push(person.call('contacts.block', { id: person.peerOf(first) }))
      const blocked = { id: others.map((other) => person.peerOf(other)), limit: 10 }
      calls.push(devices[i]!.call('contacts.setBlocked', blocked))
      calls.push(person.call('contacts.unblock', { id: person.peerOf(last) }))
    }
    await Promise.all(calls)
  }
  assert.equal(retries(), 0)
  // What each device was told leads to what there is: the harness compares at the end.
  for (const person of people) await person.updates()
})
