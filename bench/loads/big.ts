// What one client waits for in a supergroup of 200,000 members and 1,000,000 messages, and in a list of 5,000 dialogs:
// milliseconds from the request to the answer over the loopback, one request at a time. bench/seed.ts fills the database.
import type { MethodName } from '../../src/tl/index.ts'
import { signIn, type World } from '../accounts.ts'
import type { Client } from '../client.ts'
import { type Figure, type Load, quantile, three } from '../measure.ts'
import { FIRST_USER, MEMBERS, MESSAGES, word } from '../seed.ts'
import { cpuSeconds } from '../server-process.ts'

const ROUNDS = 10

type Case = [name: string, method: MethodName, params: (i: number) => object]

/** Milliseconds of each case: what half of its calls take less than, and what CPU time of the server a call takes. */
async function timed(load: Load, client: Client, cases: readonly Case[]): Promise<Figure> {
  const figure: Figure = {}
  for (const [name, method, params] of cases) {
    await client.call(method, params(0))
    const times: number[] = []
    const cpu = cpuSeconds(load.serverPid)
    for (let i = 0; i < ROUNDS; i++) {
      const start = performance.now()
      await client.call(method, params(i))
      times.push(performance.now() - start)
    }
    figure[`${name}CpuMs`] = three(((cpuSeconds(load.serverPid) - cpu) * 1000) / ROUNDS)
    figure[`${name}Ms`] = quantile(
      times.sort((a, b) => a - b),
      0.5,
    )
  }
  return figure
}

async function enter(load: Load, world: World) {
  const [owner, other] = await signIn(load.port, world.accounts.slice(0, 2))
  const { id: channelId, hash } = world.supergroup!
  // The access hash is the first account's own; the other's is in its list of dialogs.
  const channel = { _: 'inputChannel', channelId, accessHash: BigInt(hash) }
  const peer = { ...channel, _: 'inputPeerChannel' }
  return { owner: owner!, other: other!, channel, peer }
}

export async function members(load: Load, world: World): Promise<Figure> {
  const { owner, other, channel } = await enter(load, world)
  const page = (filter: object, offset = 0) => ({ channel, filter, offset, limit: 200, hash: 0n })
  const list = (name: string, filter: (i: number) => object, offset = 0): Case => [
    name,
    'channels.getParticipants',
    (i) => page(filter(i), offset),
  ]
  await load.mark('begin')
  const someone = await owner.call('channels.getParticipants', page({ _: 'channelParticipantsRecent' }, 300))
  const { users } = someone as unknown as { users: { id: number; accessHash: bigint }[] }
  const userOf = (i: number) => ({
    userId: users[i % users.length]!.id,
    accessHash: users[i % users.length]!.accessHash,
  })
  const banned = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
  const figure = await timed(load, owner, [
    list('recent', () => ({ _: 'channelParticipantsRecent' })),
    list('recentFar', () => ({ _: 'channelParticipantsRecent' }), 9800),
    list('admins', () => ({ _: 'channelParticipantsAdmins' })),
    list('bots', () => ({ _: 'channelParticipantsBots' })),
    list('kicked', () => ({ _: 'channelParticipantsKicked', q: '' })),
    list('banned', () => ({ _: 'channelParticipantsBanned', q: '' })),
    list('contacts', () => ({ _: 'channelParticipantsContacts', q: '' })),
    list('searchFew', (i) => ({ _: 'channelParticipantsSearch', q: word(i * 31) })),
    list('searchMany', () => ({ _: 'channelParticipantsSearch', q: 'member' })),
    list('searchNone', () => ({ _: 'channelParticipantsSearch', q: 'nobody' })),
    list('mentions', (i) => ({ _: 'channelParticipantsMentions', q: `member${i}` })),
    ['full', 'channels.getFullChannel', () => ({ channel })],
    ['onlines', 'messages.getOnlines', () => ({ peer: { ...channel, _: 'inputPeerChannel' } })],
    ['one', 'channels.getParticipant', (i) => ({ channel, participant: { _: 'inputPeerUser', ...userOf(i) } })],
    [
      'ban',
      'channels.editBanned',
      (i) => ({ channel, participant: { _: 'inputPeerUser', ...userOf(i) }, bannedRights: banned }),
    ],
    list('kickedThen', () => ({ _: 'channelParticipantsKicked', q: '' })),
    ['read', 'channels.readHistory', (i) => ({ channel, maxId: i + 10 })],
  ])
  const exported = await owner.call('messages.exportChatInvite', { peer: { ...channel, _: 'inputPeerChannel' } })
  const { link } = exported as unknown as { link: string }
  const own = (await other.call('messages.getDialogs', {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: 100,
    hash: 0n,
  })) as unknown as { chats: { _: string; id: number; accessHash: bigint }[] }
  const { accessHash } = own.chats.find((chat) => chat._ === 'channel' && chat.id === channel.channelId)!
  const joins: number[] = []
  const leaves: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    let start = performance.now()
    await other.call('channels.leaveChannel', { channel: { ...channel, accessHash } })
    leaves.push(performance.now() - start)
    start = performance.now()
    await other.call('messages.importChatInvite', { hash: link.replace(/^.*[+/]/, '') })
    joins.push(performance.now() - start)
  }
  await load.mark('end')
  const half = (times: number[]) =>
    quantile(
      times.sort((a, b) => a - b),
      0.5,
    )
  owner.close()
  other.close()
  return { members: MEMBERS, ...figure, leaveMs: half(leaves), joinMs: half(joins) }
}

export async function history(load: Load, world: World): Promise<Figure> {
  const { owner, other, peer } = await enter(load, world)
  const empty = { addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n, offsetId: 0, offsetDate: 0 }
  const spread = (i: number) => 1000 + Math.floor((i * (MESSAGES - 2000)) / ROUNDS)
  const now = Math.floor(Date.now() / 1000)
  const page = (name: string, more: (i: number) => object): Case => [
    name,
    'messages.getHistory',
    (i) => ({ peer, ...empty, ...more(i) }),
  ]
  await load.mark('begin')
  const dialogs = (limit: number): object => ({
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit,
    hash: 0n,
  })
  const figure = await timed(load, owner, [
    page('newest', () => ({})),
    page('anywhere', (i) => ({ offsetId: spread(i) })),
    page('around', (i) => ({ offsetId: spread(i), addOffset: -50 })),
    page('byDate', (i) => ({ offsetDate: now - spread(i) * 10 })),
    page('byDateAround', (i) => ({ offsetDate: now - spread(i) * 10, addOffset: -50 })),
    page('skipping', () => ({ addOffset: 5000 })),
    ['dialogs', 'messages.getDialogs', () => dialogs(100)],
    ['dialogsFar', 'messages.getDialogs', (i) => ({ ...dialogs(100), offsetDate: now - i * 1000 - 100 })],
  ])
  const unread = await timed(load, other, [['unreadDialogs', 'messages.getDialogs', () => dialogs(100)]])
  await load.mark('end')
  owner.close()
  other.close()
  return { messages: MESSAGES, ...figure, ...unread }
}

export async function search(load: Load, world: World): Promise<Figure> {
  const { owner, other, peer } = await enter(load, world)
  const now = Math.floor(Date.now() / 1000)
  const all = {
    peer,
    q: '',
    filter: { _: 'inputMessagesFilterEmpty' },
    minDate: 0,
    maxDate: 0,
    offsetId: 0,
    addOffset: 0,
    limit: 50,
    maxId: 0,
    minId: 0,
    hash: 0n,
  }
  const find = (name: string, more: (i: number) => object): Case => [
    name,
    'messages.search',
    (i) => ({ ...all, ...more(i) }),
  ]
  // The first search has the server fill its index.
  const start = performance.now()
  for (;;) {
    const found = await owner.call('messages.search', { ...all, q: 'needle0' })
    const {
      count = 0,
      messages,
      inexact,
    } = found as unknown as { count?: number; messages: object[]; inexact?: boolean }
    if (messages.length > 0 && !inexact && count > 0) break
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  const indexS = Math.round((performance.now() - start) / 10) / 100
  const someone = await owner.call('messages.getHistory', { ...all, offsetDate: 0 })
  const { users } = someone as unknown as { users: { id: number; accessHash: bigint }[] }
  const { accessHash } = users.find((user) => user.id > FIRST_USER) ?? users[0]!
  const author = users.find((user) => user.accessHash === accessHash)!
  await load.mark('begin')
  const figure = await timed(load, owner, [
    find('rare', (i) => ({ q: `needle${i * 5000}` })),
    find('word', (i) => ({ q: word(i * 17) })),
    find('twoWords', (i) => ({ q: `common ${word(i * 17)}` })),
    find('prefix', () => ({ q: 'needle' })),
    find('everywhere', () => ({ q: 'common' })),
    find('everywhereFar', (i) => ({ q: 'common', offsetId: 1000 + i * 30_000 })),
    find('nothing', () => ({ q: 'absent' })),
    find('sender', () => ({ fromId: { _: 'inputPeerUser', userId: author.id, accessHash } })),
    find('senderWord', () => ({ q: 'common', fromId: { _: 'inputPeerUser', userId: author.id, accessHash } })),
    find('dates', (i) => ({ q: 'common', minDate: now - 5_000_000, maxDate: now - 5_000_000 + 86_400 + i })),
    find('filter', () => ({ filter: { _: 'inputMessagesFilterUrl' } })),
    find('filterEmpty', () => ({ filter: { _: 'inputMessagesFilterPhotos' } })),
    find('pinned', () => ({ filter: { _: 'inputMessagesFilterPinned' } })),
    [
      'counters',
      'messages.getSearchCounters',
      () => ({ peer, filters: [{ _: 'inputMessagesFilterUrl' }, { _: 'inputMessagesFilterPhotos' }] }),
    ],
  ])
  await load.mark('end')
  owner.close()
  other.close()
  return { messages: MESSAGES, indexS, ...figure }
}
