// Three nodes under load, while they are killed and started, cut off from the database and from the bus, stopped for a
// while, and while the database restarts: what was answered is in every history once, every client's state agrees, and
// getDifference finds everything. CHAPPE_FAULT_SECONDS says for how long; it needs PostgreSQL and nats-server.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeWorld } from '../bench/accounts.ts'
import { DIALECTS } from '../src/storage/test-store.ts'
import { Cluster, type Node } from './faults/cluster.ts'
import { ChannelReader, history, Reader, Roamer, Speaker } from './faults/load.ts'

const SECONDS = Number(process.env.CHAPPE_FAULT_SECONDS || 40)
const NODES = 3
const PAIRS = 4
/** Those of the accounts who speak in the group. */
const GROUP = 3

const random = (from: number, to: number) => from + Math.random() * (to - from)

/** What goes wrong, and is right again when it resolves. */
type Fault = (cluster: Cluster, node: Node) => Promise<void>
const OF_PROCESSES: Record<string, Fault> = {
  async 'node killed'(cluster, node) {
    await cluster.kill(node, 'SIGKILL')
    await sleep(random(0, 1000))
    await cluster.startNode(node)
  },
  async 'node stopped gracefully'(cluster, node) {
    await cluster.kill(node, 'SIGTERM')
    await cluster.startNode(node)
  },
  async 'node held still'(_cluster, node) {
    node.server?.child.kill('SIGSTOP')
    await sleep(random(300, 3000))
    node.server?.child.kill('SIGCONT')
  },
}
const OF_CONNECTIONS: Record<string, Fault> = {
  async 'database cut'(_cluster, node) {
    node.database.cut()
    await sleep(random(200, 2500))
    node.database.heal()
  },
  async 'bus cut'(_cluster, node) {
    node.bus.cut()
    await sleep(random(200, 4000))
    node.bus.heal()
  },
  async 'bus cut for all'(cluster) {
    for (const { bus } of cluster.nodes) bus.cut()
    await sleep(random(200, 2500))
    for (const { bus } of cluster.nodes) bus.heal()
  },
  async 'database restarted'(cluster) {
    await cluster.restartDatabase()
  },
}

const options = { timeout: (SECONDS + 240) * 1000, skip: !DIALECTS.includes('postgres') && 'needs PostgreSQL' }

test(`three nodes for ${SECONDS} s of faults`, options, async () => {
  await using cluster = await Cluster.start(NODES)
  const ports = () => cluster.live
  const { accounts } = await makeWorld(ports()[0]!, cluster.rsa, PAIRS * 2)
  const roamers = accounts.map((account) => new Roamer(account, ports))
  const readers = accounts.map((account) => new Reader(new Roamer(account, ports)))
  const group = await openGroup(roamers)
  const channelReaders = group.members.map(({ channel, i }) => {
    return new ChannelReader(new Roamer(accounts[i]!, ports), channel, group.pts)
  })
  const pairs = Array.from({ length: PAIRS }, (_, i) => {
    const { userId, hash } = accounts[i * 2 + 1]!
    return new Speaker(roamers[i * 2]!, { _: 'inputPeerUser', userId, accessHash: BigInt(hash!) })
  })
  const inGroup = group.members.slice(0, GROUP).map(({ peer, i }) => new Speaker(new Roamer(accounts[i]!, ports), peer))
  const speakers = [...pairs, ...inGroup]
  for (const reader of readers) await reader.catchUp()

  const end = performance.now() + SECONDS * 1000
  const live = () => performance.now() < end
  const begun = performance.now()
  const faults = new Map<string, number>()
  const happened: string[] = []
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(1)
  let calm = false
  const breaking = async (kinds: Record<string, Fault>) => {
    const names = Object.keys(kinds)
    for (let i = 0; live(); i++) {
      await sleep(random(200, 1200))
      // Each kind once, then by chance.
      const name = names[i] ?? names[Math.floor(Math.random() * names.length)]!
      const at = Math.floor(Math.random() * NODES)
      const from = seconds()
      await kinds[name]!(cluster, cluster.nodes[at]!)
      happened.push(`${from} to ${seconds()} s: ${name}, node ${at}`)
      faults.set(name, (faults.get(name) ?? 0) + 1)
    }
  }
  const reading = async () => {
    while (live()) {
      for (const reader of [...readers, ...channelReaders]) {
        await reader.catchUp()
        // Another node answers the next time.
        if (Math.random() < 0.3) reader.roamer.leave()
      }
      await sleep(100)
    }
  }
  try {
    const broken = Promise.all([breaking(OF_PROCESSES), breaking(OF_CONNECTIONS)]).then(() => {
      calm = true
    })
    const speaking = speakers.map((speaker) => speaker.speak(live, () => calm))
    await Promise.all([broken, reading(), ...speaking])
  } catch (error) {
    console.error(`${happened.join('\n')}\nfailed at ${seconds()} s`)
    for (const { server } of cluster.nodes) console.error(server?.logged ?? 'a node that does not run')
    throw error
  }
  for (const reader of [...readers, ...channelReaders]) await reader.catchUp()

  const sum = (of: (speaker: Speaker) => number) => speakers.reduce((all, speaker) => all + of(speaker), 0)
  const count = [...faults.values()].reduce((all, n) => all + n, 0)
  console.log(
    `${count} faults (${[...faults].map(([name, n]) => `${n} ${name}`).join(', ')}), ` +
      `${sum((s) => s.answered)} messages answered, ${sum((s) => s.refused)} calls broken off or refused and made again`,
  )
  for (const [i, pair] of pairs.entries()) {
    const [sender, receiver] = [accounts[i * 2]!, accounts[i * 2 + 1]!]
    const back = {
      _: 'inputPeerUser',
      userId: sender.userId,
      accessHash: await hashOf(readers[i * 2 + 1]!.roamer, sender.userId),
    }
    // Every node gives the same.
    for (const port of ports()) {
      const one = new Roamer(sender, () => [port])
      const other = new Roamer(receiver, () => [port])
      const texts = await history(one, pair.peer)
      same([pair], texts)
      assert.deepEqual(await history(other, back), texts, 'both have the same history')
      for (const reader of [readers[i * 2]!, readers[i * 2 + 1]!]) {
        const told = [...reader.told].sort(([a], [b]) => a - b).map(([, text]) => text)
        assert.deepEqual(
          told.filter((text) => text.startsWith(`${sender.userId}:`)),
          texts,
          'by differences it is the same',
        )
      }
      one.leave()
      other.leave()
    }
  }
  const spoken = await history(roamers[0]!, group.members[0]!.peer)
  same(inGroup, spoken)
  for (const reader of channelReaders) {
    assert.deepEqual(
      [...reader.told].sort(([a], [b]) => a - b).map(([, text]) => text),
      spoken,
      'a member has, by differences, what the group’s history has',
    )
  }
  await pushed(cluster, accounts, pairs[0]!)
  for (const roamer of [...roamers, ...speakers.map((s) => s.roamer)]) roamer.leave()
  for (const { roamer } of [...readers, ...channelReaders]) roamer.leave()
})

/** What these said and was answered is there once, and nothing is there twice. */
function same(speakers: readonly Speaker[], texts: readonly string[]): void {
  const there = new Set(texts)
  assert.equal(there.size, texts.length, 'a message is there twice')
  for (const speaker of speakers) {
    for (const { text, answered } of speaker.attempts) {
      if (answered) assert.ok(there.has(text), `${text} was answered and is lost`)
    }
  }
}

/** When all is well again a message is pushed to sessions on every node. */
async function pushed(cluster: Cluster, accounts: Awaited<ReturnType<typeof makeWorld>>['accounts'], pair: Speaker) {
  const listeners = cluster.live.map((port) => new Roamer(accounts[1]!, () => [port]))
  for (const listener of listeners) await listener.ask('updates.getState', {})
  const before = listeners.map((listener) => listener.pushes)
  const message = { message: 'all is well', randomId: BigInt(Date.now()) }
  await pair.roamer.ask('messages.sendMessage', { peer: pair.peer, ...message })
  const until = performance.now() + 30_000
  while (listeners.some((listener, i) => listener.pushes === before[i])) {
    assert.ok(performance.now() < until, 'a session was not pushed what another node wrote')
    await sleep(20)
  }
  for (const listener of listeners) listener.leave()
}

async function hashOf(roamer: Roamer, userId: number): Promise<bigint> {
  const page = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n }
  const { users } = (await roamer.ask('messages.getDialogs', page)) as unknown as {
    users: { id: number; accessHash: bigint }[]
  }
  return users.find((user) => user.id === userId)!.accessHash
}

/** A supergroup that everybody has come into. */
async function openGroup(roamers: readonly Roamer[]) {
  const opened = await roamers[0]!.ask('channels.createChannel', { title: 'Everybody', about: '', megagroup: true })
  const [made] = (opened as unknown as { chats: { id: number; accessHash: bigint }[] }).chats
  const own = { _: 'inputPeerChannel', channelId: made!.id, accessHash: made!.accessHash }
  const { link } = (await roamers[0]!.ask('messages.exportChatInvite', { peer: own })) as { link: string }
  const hash = link.slice(link.lastIndexOf('+') + 1)
  const members = [{ i: 0, peer: own, channel: { ...own, _: 'inputChannel' } }]
  for (const [i, roamer] of roamers.entries()) {
    if (i === 0) continue
    const joined = await roamer.ask('messages.importChatInvite', { hash })
    const updates = (joined as { updates?: unknown }).updates ?? joined
    const { accessHash } = (updates as { chats: { accessHash: bigint }[] }).chats[0]!
    const peer = { ...own, accessHash }
    members.push({ i, peer, channel: { ...peer, _: 'inputChannel' } })
  }
  const [first] = members
  const { dialogs } = (await roamers[0]!.ask('messages.getPeerDialogs', {
    peers: [{ _: 'inputDialogPeer', peer: first!.peer }],
  })) as unknown as { dialogs: { pts: number }[] }
  return { members, pts: dialogs[0]!.pts }
}
