import assert from 'node:assert/strict'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, targetOf, until, type WireClient } from './index.ts'

const PHONES = ['9996620201', '9996620202', '9996620203']
const NAMES = ['Alice', 'Bob', 'Carol']

test('three libraries in one supergroup see the same: texts, edits, deletions, what is unread, and again after a restart', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const people: WireClient[] = []
  for (const [i, library] of (['mtcute', 'telegram', 'teleproto'] as const).entries()) {
    people.push(await clients.open(library, { target, phone: PHONES[i]!, firstName: NAMES[i]! }))
  }
  const [alice, bob, carol] = people as [WireClient, WireClient, WireClient]
  await alice.know(PHONES[1]!, 'Bob')
  await alice.know(PHONES[2]!, 'Carol')
  const group = await alice.createSupergroup!('Everybody', [bob.id, carol.id])
  for (const who of people) {
    await until(`${who.library} lists the group`, async () => (await who.dialogs()).some((d) => d.peer === group))
  }
  const ids = new Map<WireClient, number>()
  for (const who of people) {
    const text = `Hello from ${who.library}`
    ids.set(who, await who.say(group, text))
    for (const other of people) {
      if (other === who) continue
      await until(`${other.library} is pushed what ${who.library} says`, () =>
        other.pushed.find((m) => m.text === text),
      )
    }
  }
  await bob.edit(group, ids.get(bob)!, 'edited')
  await carol.remove(group, [ids.get(carol)!])
  await bob.read(group, ids.get(carol)!)
  const expected = [`Hello from ${alice.library}`, 'edited']
  const same = async (who: WireClient) => {
    const texts = (await who.history(group)).filter((m) => m.text)
    assert.deepEqual(
      texts.map((m) => m.text),
      expected,
      who.library,
    )
    assert.deepEqual(
      texts.map((m) => m.from),
      [alice.id, bob.id],
      who.library,
    )
    assert.deepEqual(
      texts.map((m) => m.id),
      [ids.get(alice), ids.get(bob)],
      who.library,
    )
  }
  for (const who of people) await same(who)
  assert.equal((await bob.dialogs()).find((d) => d.peer === group)?.unread, 0)
  const session = await bob.session()
  await bob.close()
  const again = await clients.open('telegram', { target, session, phone: PHONES[1]!, firstName: 'Bob' })
  await until('the group is listed again', async () => (await again.dialogs()).some((d) => d.peer === group))
  await same(again)
})
