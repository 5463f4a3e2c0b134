// Ten thousand who are online come into one place at the same moment: a supergroup and a channel, by its link and by its
// name. Each asks for nothing but to be let in; what the others are told of it comes on top, and is waited for.
import { setTimeout as sleep } from 'node:timers/promises'
import { signIn, type World } from '../accounts.ts'
import { Client, greeting } from '../client.ts'
import { type Figure, type Load, Meter, quantile, three } from '../measure.ts'
import { cpuSeconds } from '../server-process.ts'

export const JOINERS = 10_000
/** The supergroup tells of the first ones; if it told all who are in of all who come, that would be what is measured. */
export const ANNOUNCED = 500
/** The server counts as done once it uses less than this share of a core. */
const QUIET = 0.1

interface Place {
  title: string
  kind: { megagroup: true } | { broadcast: true }
  by: 'link' | 'name'
}
const PLACES: Place[] = [
  { title: 'channel-link', kind: { broadcast: true }, by: 'link' },
  { title: 'channel-name', kind: { broadcast: true }, by: 'name' },
  { title: 'supergroup-link', kind: { megagroup: true }, by: 'link' },
  { title: 'supergroup-name', kind: { megagroup: true }, by: 'name' },
]

export async function joinStorm(load: Load, world: World): Promise<Record<string, Figure>> {
  const figures: Record<string, Figure> = {}
  const [creator, ...others] = world.accounts
  await load.mark('begin')
  for (const place of PLACES) {
    const opener = await Client.connect(load.port, creator!.key)
    await opener.first(greeting({ _: 'updates.getState' }))
    const come = await open(opener, place)
    // The server takes so many connections of one address, and no more.
    opener.close()
    const clients = await signIn(load.port, others.slice(0, JOINERS))
    figures[`join-storm-${place.title}`] = await storm(load, clients, come)
    for (const client of clients) client.close()
    await sleep(2000)
  }
  await load.mark('end')
  return figures
}

/** Opens the place. Gives how one comes in. */
async function open(opener: Client, { title, kind, by }: Place): Promise<(client: Client) => Promise<unknown>> {
  const made = await opener.call('channels.createChannel', { title, about: '', ...kind })
  const [chat] = (made as unknown as { chats: { id: number; accessHash: bigint }[] }).chats
  const { id: channelId, accessHash } = chat!
  if (by === 'link') {
    const peer = { _: 'inputPeerChannel', channelId, accessHash }
    const { link } = (await opener.call('messages.exportChatInvite', { peer })) as { link: string }
    const hash = link.slice(link.lastIndexOf('+') + 1)
    return (client) => client.call('messages.importChatInvite', { hash })
  }
  const username = title.replace('-', '_')
  await opener.call('channels.updateUsername', {
    channel: { _: 'inputChannel', channelId, accessHash },
    username,
  })
  return async (client) => {
    const { chats } = (await client.call('contacts.resolveUsername', { username })) as unknown as {
      chats: { accessHash: bigint }[]
    }
    const channel = { _: 'inputChannel', channelId, accessHash: chats[0]!.accessHash }
    return client.call('channels.joinChannel', { channel })
  }
}

async function storm(load: Load, clients: Client[], come: (client: Client) => Promise<unknown>): Promise<Figure> {
  let told = 0
  for (const client of clients) {
    client.onUpdate = () => {
      told++
    }
  }
  const meter = new Meter(load.serverPid)
  const cpu = cpuSeconds(load.serverPid)
  const start = performance.now()
  let faults = 0
  const times: number[] = []
  const join = async (client: Client) => {
    try {
      await come(client)
      times.push(performance.now() - start)
    } catch {
      faults++
    }
  }
  await Promise.all(clients.map(join))
  const joined = performance.now() - start
  const joinCpu = cpuSeconds(load.serverPid) - cpu
  await quiet(load)
  const span = meter.end()
  times.sort((a, b) => a - b)
  return {
    joined: times.length,
    joinsS: three(joined / 1000),
    cpuMsPerJoin: three((joinCpu * 1000) / times.length),
    p50ms: quantile(times, 0.5),
    p99ms: quantile(times, 0.99),
    updates: told,
    ...span,
    faults,
  }
}

/** Until everybody has been told. */
async function quiet(load: Load): Promise<void> {
  for (;;) {
    const before = cpuSeconds(load.serverPid)
    await sleep(1000)
    if (cpuSeconds(load.serverPid) - before < QUIET) return
  }
}
