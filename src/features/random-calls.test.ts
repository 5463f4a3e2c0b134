import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { auditAnswer } from '../../test/harness/audit.ts'
import { picture, upload, uploadDocument, uploadPhoto } from '../../test/harness/files.ts'
import { CallError, Device, type Person, startTestServer, type TestServer, test } from '../../test/harness/index.ts'
import { runCommand } from '../admin.ts'
import { accessHash } from '../domain/hashes.ts'
import { Context } from '../rpc/context.ts'
import { Arbitrary, seeded } from '../tl/arbitrary.ts'
import type * as tl from '../tl/gen/types.ts'
import { errorPattern, type Methods, methodInfo, methodInLayer } from '../tl/index.ts'
import { type Arg, type Combinator, parseSchema, SCHEMA_DIR } from '../tl/schema.ts'
import { methods } from './index.ts'

// Every method is called with arguments that the schema allows and nobody would send: whatever comes, the answer is a
// result or an error that the method is documented to give, never 500. The same calls every time, by the seed.

/** Calls of each method; CHAPPE_RANDOM_CALLS and CHAPPE_RANDOM_SEED make another, longer search by hand. */
const CALLS = Number(process.env.CHAPPE_RANDOM_CALLS ?? 40)
const SEED = Number(process.env.CHAPPE_RANDOM_SEED ?? 1)
/** Thousands of calls take their time on a busy machine, ms. */
const SLOW = { timeout: 600_000 }
/** An answer that takes longer will not come, ms. */
const PATIENCE = 20_000

const schema = parseSchema(readFileSync(join(SCHEMA_DIR, 'api.tl'), 'utf8'), 0)

/** What there is to name: by type, and for plain numbers by the argument's name. */
interface Known {
  readonly types: Record<string, readonly object[]>
  readonly numbers: Record<string, readonly number[]>
  readonly strings: readonly string[]
}

const EDGES = [0, 1, -1, 2, 100, 101, 1000, 0x7fffffff, -0x80000000]
const STRINGS = [
  '',
  'a',
  'Hello @bob #tag https://t.me',
  'zero\0byte',
  '\u202e\u0000',
  '%_\\',
  "'; drop",
  '👩‍👩‍👧‍👦',
  'x'.repeat(5000),
]
/** Arguments that name one of few things. */
const IDS = /^(id|ids|msgIds?|maxId|minId|offsetId|replyToMsgId|topMsgId|readMaxId|messages|order)$/

/** Arguments that often name what is there. */
class Likely extends Arbitrary {
  readonly #random: () => number
  known: Known = { types: {}, numbers: {}, strings: [''] }

  constructor(combinators: readonly Combinator[], random: () => number, fullness: number) {
    super(combinators, random, fullness)
    this.#random = random
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!
  }

  override type(type: string, depth = 3): any {
    const known = this.known.types[type]
    return known && this.#random() < 0.7 ? this.#pick(known) : super.type(type, depth)
  }

  override value(arg: Arg, depth: number): any {
    const sure = this.#random()
    if (!arg.vector && sure < 0.7) {
      const known = this.known.numbers[arg.key]
      if (arg.type === 'int53' && known) return this.#pick(known)
      if (arg.type === 'int' && IDS.test(arg.key)) return Math.floor(this.#random() * 12)
      if (arg.type === 'int' && sure < 0.4) return this.#pick(EDGES)
      if (arg.type === 'long' && sure < 0.3) return this.#pick([0n, 1n, -1n, 2n ** 63n - 1n])
      if (arg.type === 'string' && sure < 0.6) return this.#pick(sure < 0.3 ? this.known.strings : STRINGS)
    }
    return super.value(arg, depth)
  }
}

/** Somebody with contacts, a group, a channel and messages, and what they can name of it. */
async function settle(server: TestServer): Promise<{ person: Person; known: Known }> {
  const [alice, bob, cleo] = await server.people('Alice', 'Bob', 'Cleo')
  const contact = { _: 'inputPhoneContact', clientId: 1n, phone: bob.phone, firstName: 'Bob', lastName: '' } as const
  await alice.call('contacts.importContacts', { contacts: [contact] })
  await bob.call('account.updateUsername', { username: `bob${bob.id}` })
  const made = await alice.call('messages.createChat', {
    users: [alice.userOf(bob), alice.userOf(cleo)],
    title: 'Group',
  })
  const chatId = (made.updates as { chats: { id: number }[] }).chats[0]!.id
  const peers: any[] = [{ _: 'inputPeerSelf' }, alice.peerOf(bob), alice.peerOf(cleo), { _: 'inputPeerChat', chatId }]
  const channels: any[] = []
  for (const broadcast of [true, false]) {
    const kind = broadcast ? { broadcast } : { megagroup: true }
    const answer = await alice.call('channels.createChannel', { ...kind, title: 'Channel', about: '' })
    const { id, accessHash } = (answer as { chats: any[] }).chats[0]
    peers.push({ _: 'inputPeerChannel', channelId: id, accessHash })
    channels.push({ _: 'inputChannel', channelId: id, accessHash })
  }
  const photo = await uploadPhoto(alice, await picture(40, 40))
  const document = await uploadDocument(alice, Buffer.from('a document'))
  const inputPhoto = { ...photo, _: 'inputPhoto' }
  const inputDocument = { ...document, _: 'inputDocument' }
  for (const peer of peers) {
    await alice.say(peer, 'Hello @bob')
    await alice.call('messages.sendMedia', {
      peer,
      media: { _: 'inputMediaPhoto', id: inputPhoto } as never,
      message: 'a picture',
      randomId: BigInt(peers.indexOf(peer) + 1),
    })
  }
  await bob.say(bob.peerOf(alice), 'and hello')
  await bob.say({ _: 'inputPeerChat', chatId }, `@alice ${'long '.repeat(100)}`)
  const users = [{ _: 'inputUserSelf' }, alice.userOf(bob), alice.userOf(cleo)]
  const file = await upload(alice, await picture(40, 40), { name: 'picture.jpg' })
  const types = {
    InputPeer: peers,
    InputUser: users,
    InputChannel: channels,
    InputDialogPeer: peers.map((peer) => ({ _: 'inputDialogPeer', peer })),
    InputNotifyPeer: peers.map((peer) => ({ _: 'inputNotifyPeer', peer })),
    InputFile: [file],
    InputPhoto: [inputPhoto],
    InputDocument: [inputDocument],
    InputMessage: Array.from({ length: 12 }, (_, id) => ({ _: 'inputMessageID', id })),
    // What comes from an older client, or from nobody.
    Peer: [
      { _: 'peerUser', userId: bob.id },
      { _: 'peerChat', chatId },
    ],
  }
  if (channels.length === 0) delete (types as Partial<typeof types>).InputChannel
  const numbers = { chatId: [chatId], userId: [alice.id, bob.id, cleo.id], channelId: channels.map((c) => c.channelId) }
  return { person: alice, known: { types, numbers, strings: [alice.phone, bob.phone, `bob${bob.id}`, 'Group', 'en'] } }
}

/** Who calls: an account, and how it signs in on another device. */
interface Account {
  readonly id: number
  device(): Promise<Device>
}

type Begin = (server: TestServer) => Promise<{ account: Account; known: Known }>

/** An account like any other, whose devices speak this layer. */
async function settleUser(server: TestServer, layer?: number): Promise<{ account: Account; known: Known }> {
  const { person, known } = await settle(server)
  return { account: { id: person.id, device: () => person.device(layer) }, known }
}

/** A bot that somebody has written to, and that is in a group and in a channel. */
async function settleBot(server: TestServer): Promise<{ account: Account; known: Known }> {
  const { person: alice, known } = await settle(server)
  const name = `bot${alice.id}_bot`
  const [made, line] = await runCommand(server.app, 'user bot', [name, 'Bot'])
  const id = Number(/^bot (\d+)/.exec(made!)![1])
  const botAuthToken = line!.split(' ')[1]!
  const device = async () => {
    const fresh = await Device.open(server)
    await fresh.call('auth.importBotAuthorization', { flags: 0, apiId: 4, apiHash: 'harness', botAuthToken })
    return fresh
  }
  const hash = (viewer: number, kind: 'user' | 'channel', of: number) =>
    accessHash(new Context(server.app, viewer), kind, of)
  const bot: tl.inputUser = { _: 'inputUser', userId: id, accessHash: hash(alice.id, 'user', id) }
  await alice.say({ ...bot, _: 'inputPeerUser' }, '/start')
  const chatId = known.numbers.chatId![0]!
  await alice.call('messages.addChatUser', { chatId, userId: bot, fwdLimit: 0 })
  await alice.say({ _: 'inputPeerChat', chatId }, `@${name} hello`)
  const channelId = known.numbers.channelId!.at(-1)!
  const channel: tl.InputChannel = { _: 'inputChannel', channelId, accessHash: hash(alice.id, 'channel', channelId) }
  await alice.call('channels.inviteToChannel', { channel, users: [bot] })
  const own = { _: 'inputChannel', channelId, accessHash: hash(id, 'channel', channelId) }
  const user = { _: 'inputUser', userId: alice.id, accessHash: hash(id, 'user', alice.id) }
  const peers = [
    { _: 'inputPeerChat', chatId },
    { ...own, _: 'inputPeerChannel' },
    { ...user, _: 'inputPeerUser' },
  ]
  const types = {
    InputPeer: peers,
    InputUser: [{ _: 'inputUserSelf' }, user],
    InputChannel: [own],
    InputMessage: known.types.InputMessage!,
  }
  return { account: { id, device }, known: { ...known, types } }
}

/** Methods whose pages name errors that the pages of others, who do the same, lack. */
const SISTERS: Record<string, (keyof Methods)[]> = {
  'auth.recoverPassword': ['auth.checkRecoveryPassword', 'account.updatePasswordSettings'],
  'auth.resetLoginEmail': ['auth.signIn'],
  'langpack.getDifference': ['langpack.getLangPack'],
  'messages.editFactCheck': ['messages.editMessage'],
  'messages.forwardMessages': ['messages.sendMessage'],
  'messages.getSearchResultsPositions': ['messages.getSearchResultsCalendar'],
  'messages.sendMultiMedia': ['messages.sendMedia'],
  'messages.toggleNoForwards': ['messages.sendMessage'],
  'messages.uploadMedia': ['messages.sendMedia'],
  'photos.uploadContactProfilePhoto': ['photos.uploadProfilePhoto'],
  'upload.getFileHashes': ['upload.getFile'],
  'users.suggestBirthday': ['account.updateBirthday'],
}

const isSisters = (method: string, error: string) =>
  SISTERS[method]?.some((sister) => methodInfo(sister)?.errors.has(errorPattern(error))) === true

/** A number of a name's own, so that a new method changes nobody else's calls. */
function seedOf(name: string): number {
  let seed = SEED
  for (const char of name) seed = (Math.imul(seed, 31) + char.charCodeAt(0)) | 0
  return seed
}

/** Somebody who calls methods at random, over as many devices as are asked for. */
class Search {
  readonly server: TestServer
  readonly faults = new Map<string, string>()
  readonly #wanted = new RegExp(process.env.CHAPPE_RANDOM_METHOD ?? '')
  readonly #begin: Begin
  #account!: Account
  #known!: Known
  #devices: Device[] = []
  #random = seeded(SEED)
  readonly #kinds = [0.1, 0.5, 0.9].map((fullness) => new Likely(schema, () => this.#random(), fullness))
  #made = 0

  private constructor(server: TestServer, begin: Begin) {
    this.server = server
    this.#begin = begin
    for (const { dispatcher } of server.nodes) {
      dispatcher.onAnswer = (_session, call, answer) => {
        if (answer.error && isSisters(answer.method, answer.error.message)) return
        try {
          auditAnswer(answer)
        } catch (error) {
          this.#fault((error as Error).message.slice(0, 600), call.name, call.params)
        }
      }
    }
  }

  static async begin(server: TestServer, begin: Begin = (own) => settleUser(own)): Promise<Search> {
    const search = new Search(server, begin)
    await search.#settle()
    return search
  }

  async #settle(): Promise<void> {
    const { account, known } = await this.#begin(this.server)
    this.#account = account
    this.#known = known
    this.#devices = []
  }

  #fault(what: string, name: string, params: unknown): void {
    const shown = inspect(params, { depth: 8, breakLength: 200, maxStringLength: 80 })
    if (!this.faults.has(what)) this.faults.set(what, `${what}\n  ${name} ${shown}`)
  }

  /** The names of the methods, each of which has random numbers of its own. */
  *methods(): Iterable<string> {
    for (const name of methods.map((method) => method.name).sort()) {
      if (!this.#wanted.test(name)) continue
      this.#random = seeded(seedOf(name))
      yield name
    }
  }

  /** Signed-in devices. The calls before may have signed them out, deleted the account or set a password. */
  async devices(count: number): Promise<Device[]> {
    const lives = (device: Device) => device.session.auth.userId === this.#account.id && device.session.pipe.connected
    this.#devices = this.#devices.filter(lives)
    while (this.#devices.length < count) {
      try {
        this.#devices.push(await this.#account.device())
      } catch {
        await this.#settle()
      }
    }
    return this.#devices.slice(0, count)
  }

  async call(device: Device, name: string): Promise<void> {
    const likely = this.#kinds[this.#made++ % this.#kinds.length]!
    likely.known = this.#known
    const params = likely.object(name)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('not answered')), PATIENCE)
    })
    try {
      await Promise.race([device.call(name as never, params), late])
    } catch (error) {
      // Results that a layer cannot hold are answered so; its clients do not know the method either.
      const isOurs = error instanceof CallError && error.type === 'INTERNAL' && methodInLayer(name, device.layer)
      if (!(error instanceof CallError) || isOurs) this.#fault(String((error as Error).stack), name, params)
    } finally {
      clearTimeout(timer)
    }
  }

  end(): void {
    assert.equal([...this.faults.values()].join('\n\n'), '', `${this.faults.size} faults`)
  }
}

const byOne = async () => {
  await using server = await startTestServer()
  await callAll(await Search.begin(server), CALLS)
}

test('whatever a client sends is answered, and never with 500', byOne, SLOW)

const bySeveral = async () => {
  await using server = await startTestServer()
  const search = await Search.begin(server)
  for (const name of search.methods()) {
    for (let i = 0; i < CALLS / 8; i++) {
      const devices = await search.devices(3)
      await Promise.all([...devices, ...devices].map((device) => search.call(device, name)))
    }
    await server.quiet()
  }
  search.end()
}

test('so it is when several devices of an account send at once', bySeveral, SLOW)

/** Calls of every method by one device after the other. */
async function callAll(search: Search, calls: number): Promise<void> {
  for (const name of search.methods()) {
    for (let i = 0; i < calls; i++) {
      const [device] = await search.devices(1)
      await search.call(device!, name)
    }
    await search.server.quiet()
  }
  search.end()
}

test('so it is for bots', async () => {
  await using server = await startTestServer()
  await callAll(await Search.begin(server, settleBot), CALLS / 4)
})

for (const layer of [145, 158, 181, 204]) {
  test(`so it is for clients of layer ${layer}`, async () => {
    await using server = await startTestServer()
    await callAll(await Search.begin(server, (own) => settleUser(own, layer)), CALLS / 10)
  })
}
