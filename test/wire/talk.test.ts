import assert from 'node:assert/strict'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, LIBRARIES, targetOf, until, type WireClient } from './index.ts'

for (const library of LIBRARIES) {
  test(`two people with ${library} sign up, find each other, write, edit, delete and read`, async () => {
    await using server = await startTestServer({ online: true })
    await using clients = new Clients()
    const target = targetOf(server.server, ...server.nodes.slice(1))
    const alice = await clients.open(library, { target, phone: '9996620001', firstName: 'Alice' })
    const bob = await clients.open(library, { target, phone: '9996620002', firstName: 'Bob' })
    assert.equal(await alice.know('9996620002', 'Bob'), bob.id)
    assert.equal(await bob.know('9996620001', 'Alice'), alice.id)

    const first = await alice.say(bob.id, 'Hello, Bob')
    await until('Bob is pushed the message', () => bob.pushed.find((m) => m.text === 'Hello, Bob'))
    await bob.say(alice.id, 'Hello, Alice')
    await until('Alice is pushed the answer', () => alice.pushed.find((m) => m.text === 'Hello, Alice' && !m.out))
    await alice.edit(bob.id, first, 'Hello, dear Bob')
    const texts = async (who: WireClient, other: WireClient) => (await who.history(other.id)).map((m) => m.text)
    assert.deepEqual(await texts(bob, alice), ['Hello, dear Bob', 'Hello, Alice'])
    assert.deepEqual(await texts(alice, bob), ['Hello, dear Bob', 'Hello, Alice'])

    const unread = async () => (await bob.dialogs()).find((d) => d.peer === alice.id)?.unread
    const third = await alice.say(bob.id, 'One more')
    await until('Bob has it unread', async () => ((await unread()) ?? 0) >= 1)
    const last = (await bob.history(alice.id)).at(-1)!
    await bob.read(alice.id, last.id)
    assert.equal(await unread(), 0)
    await alice.remove(bob.id, [third])
    assert.deepEqual(await texts(bob, alice), ['Hello, dear Bob', 'Hello, Alice'])
  })
}
