import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../src/log.ts'
import { startServer } from '../../src/server.ts'
import { freshDatabase } from '../../src/storage/test-store.ts'
import { test } from '../harness/index.ts'
import { Clients, targetOf, until } from './index.ts'

test('two people with two libraries go on after the server was restarted, with nothing lost', async () => {
  const data = await mkdtemp(join(tmpdir(), 'chappe-restart-'))
  await using database = await freshDatabase()
  await using clients = new Clients()
  const start = (port: number) =>
    startServer({ data, database: database.address, test: true, port, httpPort: 'off' }, { log: createLog('error') })
  try {
    const first = await start(0)
    const { port } = first.address
    const target = targetOf(first)
    const alice = await clients.open('mtcute', { target, phone: '9996620001', firstName: 'Alice' })
    const bob = await clients.open('telegram', { target, phone: '9996620002', firstName: 'Bob' })
    await alice.know('9996620002', 'Bob')
    await bob.know('9996620001', 'Alice')
    await alice.say(bob.id, 'before')
    await until('Bob has it', () => bob.pushed.find((m) => m.text === 'before'))
    const sessions = [await alice.session(), await bob.session()] as const
    await clients.close()
    await first.stop()

    await using second = await start(port)
    assert.equal(targetOf(second).publicPem, target.publicPem)
    const again = { target: targetOf(second) }
    const alice2 = await clients.open('mtcute', {
      ...again,
      session: sessions[0],
      phone: '9996620001',
      firstName: 'Alice',
    })
    const bob2 = await clients.open('telegram', {
      ...again,
      session: sessions[1],
      phone: '9996620002',
      firstName: 'Bob',
    })
    assert.deepEqual([alice2.id, bob2.id], [alice.id, bob.id])
    await alice2.know('9996620002', 'Bob')
    await bob2.know('9996620001', 'Alice')
    await bob2.say(alice.id, 'after')
    await until('Alice has it', () => alice2.pushed.find((m) => m.text === 'after'))
    for (const [who, other] of [
      [alice2, bob2],
      [bob2, alice2],
    ] as const) {
      assert.deepEqual(
        (await who.history(other.id)).map((m) => m.text),
        ['before', 'after'],
        who.library,
      )
    }
    await clients.close()
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
