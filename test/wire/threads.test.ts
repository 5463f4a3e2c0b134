import assert from 'node:assert/strict'
import { startTestServer, test } from '../harness/index.ts'
import { Clients, targetOf, until } from './index.ts'

const PHONES = ['9996620401', '9996620402', '9996620403']

test('with connections on two threads, three libraries talk, exchange a file and go on after reconnecting', async () => {
  await using server = await startTestServer({ online: true, settings: { threads: 2 } })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const alice = await clients.open('mtcute', { target, phone: PHONES[0]!, firstName: 'Alice' })
  const bob = await clients.open('telegram', { target, phone: PHONES[1]!, firstName: 'Bob' })
  const carol = await clients.open('teleproto', { target, phone: PHONES[2]!, firstName: 'Carol' })
  for (const who of [bob, carol]) await alice.know(PHONES[who === bob ? 1 : 2]!, 'X')
  const group = await alice.createGroup('Everybody', [bob.id, carol.id])
  for (const who of [bob, carol]) {
    await until('the group is listed', async () => (await who.dialogs()).some((d) => d.peer === group))
  }
  const people = [alice, bob, carol]
  for (const who of people) {
    await who.say(group, `from ${who.library}`)
    for (const other of people) {
      if (other === who) continue
      await until(`${other.library} is pushed it`, () => other.pushed.some((m) => m.text === `from ${who.library}`))
    }
  }
  const content = Buffer.alloc(700_000, 'chappe')
  const file = await carol.sendFile(group, 'a.bin', content)
  assert.ok(content.equals(await alice.download(group, await idOf(alice, group, 'a.bin', file))))
  const sessions = await Promise.all([bob, carol].map((who) => who.session()))
  for (let round = 0; round < 3; round++) {
    await bob.close()
    const again = await clients.open('telegram', { target, session: sessions[0]!, phone: PHONES[1]!, firstName: 'Bob' })
    await again.dialogs()
    await alice.say(group, `round ${round}`)
    await until('it is pushed', () => again.pushed.some((m) => m.text === `round ${round}`))
    assert.ok((await again.history(group)).some((m) => m.text === `round ${round}`))
    await again.close()
  }
})

/** Each account has its own ids in a basic group. */
async function idOf(who: { history: any }, group: number, text: string, guess: number): Promise<number> {
  const found = (await who.history(group)).find((m: { text: string }) => m.text === text)
  return found?.id ?? guess
}
