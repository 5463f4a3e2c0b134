import { createHash, createPublicKey } from 'node:crypto'
import { createRequire } from 'node:module'
import { codeOf, type OpenOptions, type Seen, type Target, type WireClient } from './client.ts'
import { fromGramjs, type Named, resolved, toGramjs } from './plain.ts'

const require = createRequire(import.meta.url)

// These libraries sleep for up to a minute after they were closed; nothing of theirs may keep a test's process alive.
const { setTimeout: timeout } = globalThis
globalThis.setTimeout = ((run: () => void, ms?: number, ...args: []) => {
  const timer = timeout(run, ms, ...args)
  if ((ms ?? 0) >= 5000) timer.unref()
  return timer
}) as typeof setTimeout

/** GramJS and what descends from it: the same API under several names and layers. */
export type Family = 'telegram' | 'telegram-145' | 'telegram-158' | 'teleproto'

/** Teaches a library this server's key: they keep the keys they know by fingerprint. */
function trust(name: Family, target: Target): void {
  const { _serverKeys } = require(`${name}/crypto/RSA.js`)
  const { readBigIntFromBuffer } = require(`${name}/Helpers.js`)
  const { n } = createPublicKey(target.publicPem).export({ format: 'jwk' })
  const modulus = Buffer.from(n!, 'base64url')
  const bare = [Buffer.from('fe000100', 'hex'), modulus, Buffer.from('03010001', 'hex')]
  const fingerprint = createHash('sha1').update(Buffer.concat(bare)).digest().readBigInt64LE(12).toString()
  _serverKeys.set(fingerprint, { n: readBigIntFromBuffer(modulus, false), e: 65537 })
}

/** The library's own connection, at this server's port: GramJS knows only 80 and 443. */
function connectionTo(name: Family, target: Target, transport: string) {
  const connections = require(`${name}/network/connection/index.js`)
  const kind = { abridged: 'ConnectionTCPAbridged', obfuscated: 'ConnectionTCPObfuscated', full: 'ConnectionTCPFull' }
  const Base = connections[kind[transport as 'full'] ?? 'ConnectionTCPFull']
  return class extends Base {
    constructor(options: object) {
      super({ ...options, ip: target.host, port: target.port })
    }
  }
}

/** Peers by the marked ids that the tests use. */
/** Marked ids of channels are below it. */
const CHANNELS = -1_000_000_000_000

const marked = (Api: any, peer: any): number => {
  if (peer instanceof Api.PeerUser) return Number(peer.userId)
  if (peer instanceof Api.PeerChat) return -Number(peer.chatId)
  return -1_000_000_000_000 - Number(peer.channelId)
}

export async function openGramjs(name: Family, options: OpenOptions): Promise<WireClient> {
  trust(name, options.target)
  const { Api, TelegramClient } = require(name)
  const { StringSession } = require(`${name}/sessions/index.js`)
  const { NewMessage } = require(`${name}/events/index.js`)
  const { LogLevel } = require(`${name}/extensions/Logger.js`)
  const { CustomFile } = require(`${name}/client/uploads.js`)
  const session = new StringSession(options.session ?? '')
  // The port is the connection's own affair (see connectionTo); a session cannot hold one above 32767.
  if (!options.session) session.setDC(2, options.target.host, 443)
  const client = new TelegramClient(session, 1, 'anything', {
    connectionRetries: 5,
    retryDelay: 200,
    connection: connectionTo(name, options.target, options.transport ?? 'full'),
  })
  client.setLogLevel?.(process.env.CHAPPE_WIRE_LOG ? LogLevel.DEBUG : LogLevel.NONE)
  await client.start({
    phoneNumber: options.phone,
    phoneCode: async () => codeOf(options.phone),
    password: async () => '',
    firstAndLastNames: async () => [options.firstName, ''],
    onError: (error: Error) => {
      throw error
    },
  })
  const me = await client.getMe()
  const id = Number(me.id)
  const pushed: Seen[] = []
  const see = (m: any): Seen => ({
    id: m.id,
    text: m.message ?? '',
    out: Boolean(m.out),
    from: m.fromId ? marked(Api, m.fromId) : m.out ? id : marked(Api, m.peerId),
  })
  client.addEventHandler((event: any) => pushed.push(see(event.message)), new NewMessage({}))
  const named = (peer: number) => {
    if (peer > 0) return big(peer)
    if (peer > CHANNELS) return new Api.PeerChat({ chatId: big(-peer) })
    return new Api.PeerChannel({ channelId: big(CHANNELS - peer) })
  }
  const entity = (peer: number) => client.getInputEntity(named(peer))
  const big = (n: number) => require('big-integer')(n)
  const groups = new Map<number, any>()
  const resolve = async ({ named, id }: Named) => {
    const at = await entity(id)
    if (named === 'channel') return new Api.InputChannel({ channelId: at.channelId, accessHash: at.accessHash })
    if (named === 'user') return new Api.InputUser({ userId: at.userId, accessHash: at.accessHash })
    return at
  }
  return {
    library: name,
    id,
    pushed,
    async know(phone, firstName) {
      const contact = new Api.InputPhoneContact({ clientId: big(1), phone, firstName, lastName: '' })
      const result = await client.invoke(new Api.contacts.ImportContacts({ contacts: [contact] }))
      return Number(result.users[0].id)
    },
    async say(peer, message) {
      return (await client.sendMessage(await entity(peer), { message })).id
    },
    async edit(peer, message, text) {
      await client.editMessage(await entity(peer), { message, text })
    },
    async remove(peer, ids) {
      await client.deleteMessages(await entity(peer), ids, { revoke: true })
    },
    async read(peer, maxId) {
      const at = await entity(peer)
      if (peer > CHANNELS) await client.invoke(new Api.messages.ReadHistory({ peer: at, maxId }))
      else await client.invoke(new Api.channels.ReadHistory({ channel: at, maxId }))
    },
    async history(peer, limit = 100) {
      return Array.from(await client.getMessages(await entity(peer), { limit }), see).reverse()
    },
    async dialogs() {
      const list = await client.getDialogs({})
      return Array.from(list, (d: any) => ({ peer: marked(Api, d.dialog.peer), unread: d.unreadCount }))
    },
    async createGroup(title, users) {
      const named = await Promise.all(users.map((u) => entity(u)))
      const result = await client.invoke(new Api.messages.CreateChat({ title, users: named }))
      const { chats } = result.updates?.chats ? result.updates : result
      groups.set(-Number(chats[0].id), chats[0])
      return -Number(chats[0].id)
    },
    async sendFile(peer, fileName, content) {
      const file = new CustomFile(fileName, content.length, '', content)
      return (await client.sendFile(await entity(peer), { file, forceDocument: true, caption: fileName })).id
    },
    async download(peer, messageId) {
      const [message] = await client.getMessages(await entity(peer), { ids: [messageId] })
      return Buffer.from(await client.downloadMedia(message, {}))
    },
    async invoke(request) {
      const ready = toGramjs(Api, await resolved(request, resolve), require('big-integer'))
      return fromGramjs(await client.invoke(ready))
    },
    session: async () => client.session.save(),
    async close() {
      await client.destroy()
    },
  }
}
