import { connectWs } from '@fuman/net'
import {
  IntermediatePacketCodec,
  type IPacketCodec,
  type ITelegramConnection,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  type TelegramTransport,
} from '@mtcute/core'
import { MemoryStorage, TcpTransport, TelegramClient } from '@mtcute/node'
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js'
import Long from 'long'
import { codeOf, type OpenOptions, type Seen, type Target, type Transport, type WireClient } from './client.ts'
import './mtcute-salts.ts'
import { fromMtcute, type Named, resolved, toMtcute } from './plain.ts'

/** mtcute's own codecs over TCP, and over a WebSocket, at this server's address. */
function transportTo(target: Target, transport: Transport): TelegramTransport {
  const codec = (): IPacketCodec => {
    if (transport === 'padded') return new PaddedIntermediatePacketCodec()
    if (transport === 'obfuscated') return new ObfuscatedPacketCodec(new IntermediatePacketCodec())
    if (transport === 'websocket') return new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec())
    return new IntermediatePacketCodec()
  }
  if (transport !== 'websocket') {
    const tcp = new TcpTransport()
    return { connect: (dc) => tcp.connect(dc), packetCodec: codec }
  }
  return {
    packetCodec: codec,
    connect: async () =>
      (await connectWs({
        url: target.webSocket ?? `ws://${target.host}:${target.httpPort}/apiws`,
        protocols: 'binary',
      })) as unknown as ITelegramConnection,
  }
}

/** mtcute signs in by itself but leaves signing up to the official apps: both are the API's own methods here. */
async function signIn(client: TelegramClient, { phone, firstName }: OpenOptions): Promise<{ id: number }> {
  const settings = { _: 'codeSettings' } as const
  const sent = await client.call({ _: 'auth.sendCode', phoneNumber: phone, apiId: 1, apiHash: 'anything', settings })
  const { phoneCodeHash } = sent as { phoneCodeHash: string }
  const code = { phoneNumber: phone, phoneCodeHash }
  let auth = await client.call({ _: 'auth.signIn', ...code, phoneCode: codeOf(phone) })
  if (auth._ === 'auth.authorizationSignUpRequired') {
    auth = await client.call({ _: 'auth.signUp', ...code, firstName, lastName: '' })
  }
  return client.notifyLoggedIn(auth)
}

export async function openMtcute(options: OpenOptions): Promise<WireClient> {
  const { target } = options
  const crypto = new NodeCryptoProvider()
  await crypto.initialize?.()
  addPublicKey(crypto, target.publicPem)
  const dc = { id: 2, ipAddress: target.host, port: target.port }
  const client = new TelegramClient({
    apiId: 1,
    apiHash: 'anything',
    storage: new MemoryStorage(),
    crypto,
    defaultDcs: { main: dc, media: dc },
    transport: transportTo(target, options.transport ?? 'intermediate'),
    logLevel: process.env.CHAPPE_WIRE_LOG ? 4 : 0,
  })
  const pushed: Seen[] = []
  client.onNewMessage.add((m) => {
    pushed.push({ id: m.id, text: m.text, out: m.isOutgoing, from: m.sender.id })
  })
  const members: { type: string; chat: number; user: number }[] = []
  client.onChatMemberUpdate.add((u) => {
    members.push({ type: u.type, chat: u.chat.id, user: u.user.id })
  })
  if (options.session) await client.importSession(options.session)
  const me = options.session
    ? await client.getMe()
    : options.botToken
      ? await client.signInBot(options.botToken)
      : await signIn(client, options)
  await client.startUpdatesLoop().catch(() => {})
  const resolve = ({ named, id }: Named) => {
    if (named === 'channel') return client.resolveChannel(id)
    return named === 'user' ? client.resolveUser(id) : client.resolvePeer(id)
  }
  return {
    library: 'mtcute',
    id: me.id,
    pushed,
    members,
    async know(phone, firstName) {
      const result = await client.call({
        _: 'contacts.importContacts',
        contacts: [{ _: 'inputPhoneContact', clientId: Long.ONE, phone, firstName, lastName: '' }],
      })
      return (result.users[0] as { id: number }).id
    },
    async say(peer, text) {
      return (await client.sendText(peer, text)).id
    },
    async edit(peer, message, text) {
      await client.editMessage({ chatId: peer, message, text })
    },
    async remove(peer, ids) {
      await client.deleteMessagesById(peer, ids, { revoke: true })
    },
    async read(peer, maxId) {
      await client.readHistory(peer, { maxId })
    },
    async history(peer, limit = 100) {
      const list = await client.getHistory(peer, { limit })
      return list.map((m) => ({ id: m.id, text: m.text, out: m.isOutgoing, from: m.sender.id })).reverse()
    },
    async dialogs() {
      const list = []
      for await (const d of client.iterDialogs()) list.push({ peer: d.peer.id, unread: d.unreadCount })
      return list
    },
    async createGroup(title, users) {
      const { chat } = await client.createGroup({ title, users })
      return chat.id
    },
    async createSupergroup(title, users) {
      const chat = await client.createSupergroup({ title })
      await client.addChatMembers(chat.id, users, {})
      return chat.id
    },
    async sendFile(peer, fileName, content) {
      const sent = await client.sendMedia(peer, { type: 'document', file: content, fileName, caption: fileName })
      return sent.id
    },
    async download(peer, id) {
      const [message] = await client.getMessages(peer, id)
      return Buffer.from(await client.downloadAsBuffer(message!.media as never))
    },
    async invoke(request) {
      const ready = toMtcute(await resolved(request, resolve), (big) => Long.fromString(big.toString()))
      // It asks again for ever on its own when a server has an error of its own (5xx).
      const answer = await client.call(ready, { maxRetryCount: 0 })
      // Its own methods tell it of the updates in their answers; who calls the API's method has to.
      if (typeof answer === 'object' && '_' in answer && answer._ === 'updates') client.handleClientUpdate(answer)
      return fromMtcute(answer)
    },
    session: () => client.exportSession(),
    async close() {
      // Its loop of updates may ask for the difference once more, which fails where nobody hears of it.
      client.onError.add(() => {})
      const { updates } = client._client as unknown as { updates?: { _fetchDifferenceLater: () => void } }
      if (updates) updates._fetchDifferenceLater = () => {}
      await client.stopUpdatesLoop().catch(() => {})
      await client.destroy()
    },
  }
}
