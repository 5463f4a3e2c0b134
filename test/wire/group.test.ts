import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, LIBRARIES, targetOf, until, type WireClient } from './index.ts'

const NAMES = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin', 'Frank']

test('all libraries, each of another layer, in one basic group see the same conversation and the same files', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const people: WireClient[] = []
  for (const [i, library] of LIBRARIES.entries()) {
    people.push(await clients.open(library, { target, phone: `999662000${i + 1}`, firstName: NAMES[i]! }))
  }
  const [alice, ...others] = people as [WireClient, ...WireClient[]]
  for (const [i] of others.entries()) await alice.know(`999662000${i + 2}`, NAMES[i + 1]!)
  const group = await alice.createGroup(
    'All of us',
    others.map((p) => p.id),
  )
  for (const who of others)
    await until(`${who.library} knows the group`, async () => (await who.dialogs()).some((d) => d.peer === group))

  for (const who of people) {
    const text = `Hello from ${who.library}`
    await who.say(group, text)
    for (const other of people) {
      if (other === who) continue
      await until(`${other.library} is pushed what ${who.library} says`, () =>
        other.pushed.find((m) => m.text === text),
      )
    }
  }
  const content = randomBytes(300_000)
  await others[0]!.sendFile(group, 'notes.bin', content)
  for (const who of people) {
    const found = await until('the file', async () => (await who.history(group)).find((m) => m.text === 'notes.bin'))
    assert.ok(content.equals(await who.download(group, found.id)), `${who.library} downloads other bytes`)
  }
  const said = people.map((p) => `Hello from ${p.library}`)
  for (const who of people) {
    const texts = (await who.history(group)).map((m) => m.text).filter(Boolean)
    assert.deepEqual(texts, [...said, 'notes.bin'], who.library)
    const authors = (await who.history(group)).filter((m) => m.text.startsWith('Hello')).map((m) => m.from)
    assert.deepEqual(
      authors,
      people.map((p) => p.id),
      who.library,
    )
  }
})
