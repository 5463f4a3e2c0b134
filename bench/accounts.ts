// The accounts of the load: signed up through the API, with test numbers, once; each figure signs in with their keys.
import type { RsaKey } from '../src/mtproto/rsa.ts'
import { Client, greeting } from './client.ts'

export interface Account {
  phone: string
  userId: number
  /** The authorization key, hex. */
  key: string
  /** The access hash under which the account before it knows it (for receivers of a pair). */
  hash?: string
}

/** What the prepared data folder holds. */
export interface World {
  accounts: Account[]
  /** A basic group of the first 200 accounts. */
  group?: number
  /** A supergroup and a channel of the first accounts, all of them but at most so many. */
  supergroup?: Channel
  channel?: Channel
}

export interface Channel {
  id: number
  hash: string
  /** How many accounts are in it. */
  members: number
}

export const GROUP = 200
/** Members of the supergroup, and of the channel. */
export const SUPERGROUP = 1000
export const CHANNEL = 5000
/** Key exchanges and sign-ups at a time. */
const AT_ONCE = 8

/** Runs `one` for 0 .. n-1, some at a time. */
export async function each(n: number, atOnce: number, one: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < n) await one(next++)
  }
  await Promise.all(Array.from({ length: Math.min(n, atOnce) }, worker))
}

const X = 3
const phoneOf = (i: number) => `99966${X}${String(i).padStart(4, '0')}`

/** Signs up `count` accounts; those at even places know the next one, and the first one makes a group of 200. */
export async function makeWorld(port: number, rsa: RsaKey, count: number): Promise<World> {
  const accounts: Account[] = new Array(count)
  const group = count >= GROUP
  let first: Client | undefined
  const later: Client[] = []
  await each(count, AT_ONCE, async (i) => {
    const client = await Client.exchange(port, rsa)
    accounts[i] = await signUp(client, i)
    if (i === 0) first = client
    else if (i % 2 === 0 && i < 100) later[i] = client
    else client.close()
  })
  const world: World = { accounts }
  if (!first) return world
  later[0] = first
  for (let i = 0; i + 1 < Math.min(count, 100); i += 2) {
    const found = await importContacts(later[i]!, [accounts[i + 1]!])
    accounts[i + 1]!.hash = String(found.get(accounts[i + 1]!.userId)!)
  }
  if (group) {
    const others = accounts.slice(1, GROUP)
    const found = await importContacts(first, others)
    const users = others.map(({ userId }) => ({ _: 'inputUser', userId, accessHash: found.get(userId)! }))
    const made = await first.call('messages.createChat', { title: 'Everybody', users })
    const [chat] = (made.updates as { chats: { id: number }[] }).chats
    world.group = chat!.id
    world.supergroup = await makeChannel(first, accounts.slice(0, SUPERGROUP), port, { megagroup: true })
    world.channel = await makeChannel(first, accounts.slice(0, CHANNEL), port, { broadcast: true })
  }
  for (const client of later) client?.close()
  return world
}

/** A channel that the first account opens and the others join by its link. */
async function makeChannel(
  first: Client,
  accounts: readonly Account[],
  port: number,
  kind: { megagroup: true } | { broadcast: true },
): Promise<Channel> {
  const opened = await first.call('channels.createChannel', { title: 'Everybody', about: '', ...kind })
  const [channel] = (opened as unknown as { chats: { id: number; accessHash: bigint }[] }).chats
  const { id, accessHash } = channel!
  const peer = { _: 'inputPeerChannel', channelId: id, accessHash }
  const { link } = (await first.call('messages.exportChatInvite', { peer })) as { link: string }
  const hash = link.slice(link.lastIndexOf('+') + 1)
  const members = accounts.length
  await each(members - 1, AT_ONCE, async (i) => {
    const client = await Client.connect(port, accounts[i + 1]!.key)
    await client.first(greeting({ _: 'messages.importChatInvite', hash }))
    client.close()
  })
  return { id, hash: String(accessHash), members }
}

async function signUp(client: Client, i: number): Promise<Account> {
  const phoneNumber = phoneOf(i)
  const code = await client.greet('auth.sendCode', {
    phoneNumber,
    apiId: 1,
    apiHash: 'bench',
    settings: { _: 'codeSettings' },
  })
  const { phoneCodeHash } = code as { phoneCodeHash: string }
  await client.call('auth.signIn', { phoneNumber, phoneCodeHash, phoneCode: String(X).repeat(5) })
  const signedUp = await client.call('auth.signUp', {
    phoneNumber,
    phoneCodeHash,
    firstName: `First${i}`,
    lastName: 'Last',
  })
  const { user } = signedUp as unknown as { user: { id: number } }
  return { phone: phoneNumber, userId: user.id, key: client.key.key.toString('hex') }
}

async function importContacts(client: Client, others: readonly Account[]): Promise<Map<number, bigint>> {
  const contacts = others.map(({ phone }, i) => ({
    _: 'inputPhoneContact',
    clientId: BigInt(i + 1),
    phone,
    firstName: 'Somebody',
    lastName: '',
  }))
  const hashes = new Map<number, bigint>()
  for (let i = 0; i < contacts.length; i += 100) {
    const answer = await client.call('contacts.importContacts', { contacts: contacts.slice(i, i + 100) })
    for (const user of answer.users) if (user._ === 'user') hashes.set(user.id, user.accessHash!)
  }
  return hashes
}

/** Connects these accounts and makes their sessions take updates. */
export async function signIn(port: number, accounts: readonly Account[]): Promise<Client[]> {
  const clients: Client[] = new Array(accounts.length)
  await each(accounts.length, 16, async (i) => {
    const client = await Client.connect(port, accounts[i]!.key)
    await client.first(greeting({ _: 'updates.getState' }))
    clients[i] = client
  })
  return clients
}
