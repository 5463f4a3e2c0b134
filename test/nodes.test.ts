import assert from 'node:assert/strict'
import { describe, test as nodeTest } from 'node:test'
import type { LocalBus } from '../src/bus/index.ts'
import { accessHash } from '../src/domain/hashes.ts'
import { Context, systemCtx } from '../src/rpc/context.ts'
import { type JobRunner, Jobs, schedule } from '../src/rpc/jobs.ts'
import { DIALECTS } from '../src/storage/test-store.ts'
import { type Device, test as harnessTest, startTestServer, type TestServer } from './harness/index.ts'

// Several nodes over one database. They need CHAPPE_TEST_POSTGRES (tools/postgres.sh); CHAPPE_TEST_BUS puts NATS between
// them (tools/nats.sh), without it the bus is of this process.

const here = DIALECTS.includes('postgres')
const test: typeof harnessTest = here ? harnessTest : (name) => void nodeTest.skip(name, () => {})
const overNats = process.env.CHAPPE_TEST_BUS !== undefined && process.env.CHAPPE_TEST_BUS !== ''

const nodesOf = (devices: Device[]) => devices.map((d) => d.server.nodes.indexOf(d.node))

/** Takes a node off the bus. */
const cut = (server: TestServer, i: number) => (server.wire!.ends[i] as LocalBus).cut()
const heal = (server: TestServer, i: number) => (server.wire!.ends[i] as LocalBus).heal()

/** Waits for what comes by itself, in real time. */
async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`waited too long for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('three nodes', () => {
  test('people on different ones write to each other', async () => {
    await using server = await startTestServer({ nodes: 3 })
    const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
    assert.deepEqual(nodesOf(server.devices), [0, 1, 2])
    const tablet = await alice.device()
    const phone = await alice.device()
    assert.deepEqual(nodesOf([tablet, phone]), [0, 1])
    await alice.say(bob, 'hello')
    assert.deepEqual(await bob.texts(), ['hello'])
    assert.deepEqual(await phone.texts(), ['hello'])
    assert.deepEqual(await tablet.texts(), ['hello'])
    await bob.say(alice, 'hello to you')
    await carol.say(alice, 'and from me')
    for (const device of [alice.device1, tablet, phone]) {
      assert.deepEqual((await device.texts()).sort(), ['and from me', 'hello to you'])
    }
  })

  test('no two messages are taken for copies of one, however many nodes write at once', async () => {
    await using server = await startTestServer({ nodes: 3 })
    const people = await server.people('Alice', 'Bob', 'Carol')
    const [alice, bob, carol] = people
    // The clock stands still: all of it happens in one millisecond.
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await Promise.all([alice.say(bob, `a${i}`), bob.say(carol, `b${i}`), carol.say(alice, `c${i}`)])
      }),
    )
    const copies = await server.app.store.db
      .selectFrom('message')
      .select(['origin', 'text'])
      .where('text', '!=', '')
      .execute()
    const texts = new Map<number, Set<string>>()
    for (const { origin, text } of copies) texts.set(origin, (texts.get(origin) ?? new Set()).add(text))
    assert.equal(texts.size, 120)
    for (const those of texts.values()) assert.equal(those.size, 1)
  })

  test('typing and online status go from one to the other', async () => {
    await using server = await startTestServer({ nodes: 3 })
    const [alice, bob] = await server.people('Alice', 'Bob')
    await alice.say(bob, 'hello')
    await bob.say(alice, 'hello')
    await bob.updates()
    await alice.call('messages.setTyping', { peer: alice.peerOf(bob), action: { _: 'sendMessageTypingAction' } })
    assert.deepEqual(
      (await bob.updates()).map((u) => u._),
      ['updateUserTyping'],
    )
    await alice.call('account.updateStatus', { offline: false })
    await server.quiet()
    await until('the status', async () => (await bob.updatesOf('updateUserStatus')).length === 1)
  })

  test('who joins a channel at one reads it at the others', async () => {
    await using server = await startTestServer({ nodes: 3 })
    const [alice, bob] = await server.people('Alice', 'Bob')
    const tablet = await bob.device()
    assert.notEqual(bob.device1.node, tablet.node)
    const made = await alice.call('channels.createChannel', { title: 'News', about: '', megagroup: true })
    const { id } = (made as { chats: { id: number }[] }).chats[0]!
    const inputOf = (viewer: number) => ({
      _: 'inputChannel' as const,
      channelId: id,
      accessHash: accessHash(new Context(server.app, viewer), 'channel', id),
    })
    await alice.call('channels.inviteToChannel', { channel: inputOf(alice.id), users: [alice.userOf(bob)] })
    await tablet.updates()
    await bob.updates()
    const peer = { ...inputOf(alice.id), _: 'inputPeerChannel' as const }
    await alice.say(peer, 'first')
    const seen = async (device: Device) =>
      (await device.updatesOf('updateNewChannelMessage')).map((u) => (u.message as { message: string }).message)
    assert.deepEqual(await seen(bob.device1), ['first'])
    assert.deepEqual(await seen(tablet), ['first'])
    await bob.call('channels.leaveChannel', { channel: inputOf(bob.id) })
    await tablet.updates()
    await alice.say(peer, 'second')
    assert.deepEqual(await seen(tablet), [])
  })

  test('a device that is signed out at one is signed out at all of them', async () => {
    await using server = await startTestServer({ nodes: 3 })
    const [alice] = await server.people('Alice')
    const lost = await alice.device()
    assert.notEqual(lost.node, alice.device1.node)
    await alice.call('auth.resetAuthorizations', {})
    assert.equal(lost.session.pipe.connected, false)
    await lost.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
  })

  test('a node that does not hear the others believes only the database', async () => {
    if (overNats) return
    await using server = await startTestServer({ nodes: 2 })
    const [alice] = await server.people('Alice')
    const kept = await alice.device()
    assert.deepEqual(nodesOf([alice.device1, kept]), [0, 1])
    cut(server, 0)
    await kept.call('auth.resetAuthorizations', {})
    await alice.fails('AUTH_KEY_UNREGISTERED', 'updates.getState', {})
    heal(server, 0)
  })

  test('what was missed while the bus was cut is found when it heals, or before', async () => {
    if (overNats) return
    await using server = await startTestServer({ nodes: 2 })
    const [alice, bob] = await server.people('Alice', 'Bob')
    await bob.say(alice, 'before')
    await alice.texts()
    cut(server, 1)
    await alice.say(bob, 'while it is cut')
    // Its own node looks every second.
    await until('the message', async () => (await bob.texts()).includes('while it is cut'))
    await bob.say(alice, 'from the one that is cut off')
    heal(server, 1)
    await until('the other message', async () => (await alice.texts()).includes('from the one that is cut off'))
    // At once, not with the next look.
    cut(server, 0)
    cut(server, 1)
    await alice.say(bob, 'again')
    heal(server, 0)
    heal(server, 1)
    await server.quiet()
    assert.deepEqual(await bob.texts(), ['again'])
  })
})

describe('scheduled work', () => {
  async function withJobs(server: TestServer, run: JobRunner): Promise<[Jobs, Jobs]> {
    const both = server.nodes.map((node) => {
      const jobs = new Jobs({ 'test.job': run, sweepKeys: async () => {} })
      jobs.start(node.app, 3_600_000)
      return jobs
    })
    return both as [Jobs, Jobs]
  }

  async function put(server: TestServer, count: number): Promise<void> {
    await systemCtx(server.app).transact(async (tx) => {
      for (let i = 0; i < count; i++) {
        await schedule(tx, { id: `test.job:${i}`, kind: 'test.job', owner: 0, dueAt: tx.now - 1 })
      }
    })
  }

  /** The server's own runners know nothing of the test's job. */
  async function stopOwn(server: TestServer): Promise<void> {
    for (const node of server.nodes) await node.app.jobs.stop()
  }

  test('is done once, however many nodes look for it', async () => {
    await using server = await startTestServer({ nodes: 2 })
    await stopOwn(server)
    const done = new Map<string, number>()
    const [one, two] = await withJobs(server, async (ctx, { id }) => {
      done.set(id, (done.get(id) ?? 0) + 1)
      await ctx.transact(async () => {})
    })
    await put(server, 200)
    await Promise.all([one.run(), two.run(), one.run(), two.run()])
    assert.equal(done.size, 200)
    assert.deepEqual([...new Set(done.values())], [1])
    for (const jobs of [one, two]) await jobs.stop()
  })

  test('of a node that died is taken over when its lease ends, and not before', async () => {
    await using server = await startTestServer({ nodes: 2 })
    await stopOwn(server)
    const ran: number[] = []
    let release = () => {}
    const [one, two] = await withJobs(server, async (ctx) => {
      ran.push(server.nodes.findIndex((node) => node.app === ctx.app))
      if (ran.length > 1) return
      await new Promise<void>((resolve) => {
        release = resolve
      })
    })
    await put(server, 1)
    const dead = one.run()
    await until('the first to begin', () => ran.length === 1)
    await two.run()
    assert.deepEqual(ran, [0])
    await server.clock.advance(59)
    await two.run()
    assert.deepEqual(ran, [0])
    await server.clock.advance(2)
    await two.run()
    assert.deepEqual(ran, [0, 1])
    assert.deepEqual(
      await server.app.store.db.selectFrom('job').select('id').where('kind', '=', 'test.job').execute(),
      [],
    )
    // The first comes back: what became of the job is not its business any more.
    await put(server, 1)
    release()
    await dead
    const left = await server.app.store.db.selectFrom('job').selectAll().where('kind', '=', 'test.job').execute()
    assert.deepEqual(
      left.map((job) => job.id),
      ['test.job:0'],
    )
    for (const jobs of [one, two]) await jobs.stop()
  })
})
