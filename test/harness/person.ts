import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Outgoing } from '../../src/mtproto/host.ts'
import { type Pipe, RpcSession } from '../../src/rpc/session.ts'
import type { Server } from '../../src/server.ts'
import type * as tl from '../../src/tl/gen/types.ts'
import {
  LATEST_LAYER,
  type Methods,
  newWriter,
  readMt,
  readObject,
  readResult,
  writeObject,
} from '../../src/tl/index.ts'
import { auditPeers } from './audit.ts'
import type { TestServer } from './server.ts'

type Name = keyof Methods
const RPC_ERROR = 0x2144ca19

/** An rpc_error as a client sees it. */
export class CallError extends Error {
  readonly code: number
  readonly type: string
  constructor(method: string, code: number, type: string) {
    super(`${method}: ${code} ${type}`)
    this.code = code
    this.type = type
  }
}

/** The client's end of a session in process: bytes go through the codec both ways, at the session's layer. */
class HarnessPipe implements Pipe {
  connected = true
  readonly remote = { ip: '127.0.0.1', transport: 'harness' }
  readonly queued = 0
  onDrain: (() => void) | undefined
  readonly received: tl.Updates[] = []

  push(out: Outgoing): void {
    const writer = newWriter(1024)
    out(writer)
    this.received.push(readObject(writer.copy()) as tl.Updates)
  }

  result(): undefined {
    return undefined
  }

  close(): void {
    this.connected = false
  }
}

/** One signed-in (or not yet signed-in) session of a test. */
export class Device {
  readonly server: TestServer
  /** The node that it is connected to. */
  readonly node: Server
  readonly session: RpcSession
  readonly layer: number
  readonly #pipe: HarnessPipe
  #greeted = false
  #seen = 0
  /** Where the session stood when it signed in: the audit compares from there. */
  start: { pts: number; qts: number; date: number } | undefined
  /** How much of what it received came before that. */
  audited = 0
  /** Updates objects this session got in answers, for the audit. */
  readonly answered: tl.Updates[] = []

  private constructor(server: TestServer, node: Server, session: RpcSession, pipe: HarnessPipe, layer: number) {
    this.server = server
    this.node = node
    this.session = session
    this.#pipe = pipe
    this.layer = layer
  }

  /** A new authorization, not signed in. */
  static async open(server: TestServer, layer = LATEST_LAYER): Promise<Device> {
    return Device.#at(server, server.nextNode(), await server.newAuthKey(), layer)
  }

  /** A session of the same authorization key, at that node. */
  elsewhere(node: Server): Promise<Device> {
    return Device.#at(this.server, node, this.session.auth.id, this.layer)
  }

  static async #at(server: TestServer, node: Server, id: string, layer: number): Promise<Device> {
    const pipe = new HarnessPipe()
    const session = new RpcSession(randomBytes(8).readBigInt64LE(), await node.app.authorizations.load(id), pipe)
    node.app.authorizations.attach(session)
    const device = new Device(server, node, session, pipe, layer)
    server.devices.push(device)
    return device
  }

  /** Calls a method as a client does. Throws CallError for an rpc_error. Every call is audited. */
  async call<N extends Name>(method: N, params: Omit<Methods[N]['params'], '_'>): Promise<Methods[N]['result']> {
    const request = { _: method, ...params } as unknown as tl.TlObject
    const out = await this.node.dispatcher.handle(this.session, writeObject(this.#greet(request)))
    const writer = newWriter(4096)
    out(writer)
    const bytes = writer.copy()
    if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === RPC_ERROR) {
      const error = readMt(bytes) as { errorCode: number; errorMessage: string }
      throw new CallError(method, error.errorCode, error.errorMessage)
    }
    const result = readResult(method, bytes, this.layer)
    const inner = (result as { updates?: unknown } | null)?.updates
    for (const part of [result, inner]) if (isUpdates(part)) this.answered.push(part)
    return result
  }

  /** Asserts that a call is refused with this error. */
  async fails<N extends Name>(error: string, method: N, params: Omit<Methods[N]['params'], '_'>): Promise<void> {
    await assert.rejects(
      () => this.call(method, params),
      (thrown) => thrown instanceof CallError && thrown.type === error,
      `${method} should fail with ${error}`,
    )
  }

  #greet(request: tl.TlObject): tl.TlObject {
    if (this.#greeted) return request
    this.#greeted = true
    return {
      _: 'invokeWithLayer',
      layer: this.layer,
      query: {
        _: 'initConnection',
        apiId: 4,
        deviceModel: 'harness',
        systemVersion: '1',
        appVersion: '1.0',
        systemLangCode: 'en',
        langPack: '',
        langCode: 'en',
        query: request,
      },
    } as unknown as tl.TlObject
  }

  /** Forgets fresh pushes that tell of nothing but a sign-in, and were provoked by the harness itself. */
  skipSignIns(): void {
    const { received } = this.#pipe
    const fresh = received.splice(this.#seen)
    received.push(...fresh.filter((c) => !unpack(c).every((u) => u._ === 'updateNewAuthorization')))
  }

  /** Waits for quiet, then gives the containers pushed since the last call. */
  async pushes(): Promise<tl.Updates[]> {
    await this.server.quiet()
    const fresh = this.#pipe.received.slice(this.#seen)
    this.#seen = this.#pipe.received.length
    for (const container of fresh) auditPeers('a push', container)
    return fresh
  }

  /** Waits for quiet, then gives the single updates pushed since the last call, short forms as they are. */
  async updates(): Promise<any[]> {
    return (await this.pushes()).flatMap(unpack)
  }

  /** Updates of one kind pushed since the last call. */
  async updatesOf<K extends tl.Update['_']>(kind: K): Promise<Extract<tl.Update, { _: K }>[]> {
    return (await this.updates()).filter((u) => u._ === kind) as never
  }

  /** Texts of the messages pushed since the last call, short forms included. */
  async texts(): Promise<string[]> {
    return (await this.updates())
      .filter((u) => typeof u.message === 'string' || u.message?.message !== undefined)
      .map((u) => (typeof u.message === 'string' ? u.message : u.message.message))
  }

  /** Everything pushed so far, for the audit at the end. */
  get received(): readonly tl.Updates[] {
    return this.#pipe.received
  }

  disconnect(): void {
    this.#pipe.connected = false
  }

  reconnect(): void {
    this.#pipe.connected = true
    this.session.subscriber?.wake()
  }
}

/** An account of a test: its first device, and how others name it. */
export class Person {
  readonly server: TestServer
  readonly device1: Device
  readonly id: number
  readonly phone: string
  readonly firstName: string

  constructor(device: Device, id: number, phone: string, firstName: string) {
    this.server = device.server
    this.device1 = device
    this.id = id
    this.phone = phone
    this.firstName = firstName
  }

  get layer(): number {
    return this.device1.layer
  }
  get peerId(): tl.Peer {
    return { _: 'peerUser', userId: this.id }
  }

  /** This account as another names it. */
  peerFor(other: Person | Device): tl.inputPeerUser {
    return { _: 'inputPeerUser', userId: this.id, accessHash: this.server.hashFor(other, this.id) }
  }
  userFor(other: Person | Device): tl.inputUser {
    return { _: 'inputUser', userId: this.id, accessHash: this.server.hashFor(other, this.id) }
  }
  /** `other` as this account names them. */
  peerOf(other: Person): tl.inputPeerUser {
    return other.peerFor(this)
  }
  userOf(other: Person): tl.inputUser {
    return other.userFor(this)
  }

  call: Device['call'] = (method, params) => this.device1.call(method, params)
  fails: Device['fails'] = (error, method, params) => this.device1.fails(error, method, params)
  pushes = () => this.device1.pushes()
  updates = () => this.device1.updates()
  updatesOf: Device['updatesOf'] = (kind) => this.device1.updatesOf(kind)
  texts = () => this.device1.texts()

  /** Signs this account in on another device. */
  async device(layer?: number): Promise<Device> {
    const device = await Device.open(this.server, layer)
    await this.server.signIn(device, this.phone)
    await this.server.quiet()
    for (const other of this.server.devices) if (other.session.auth.userId === this.id) other.skipSignIns()
    return device
  }

  /** Sends a text, as the shortest way to have a message somewhere. Gives its id in the sender's copy. */
  async say(to: Person | tl.InputPeer, message: string): Promise<number> {
    const peer = to instanceof Person ? this.peerOf(to) : to
    const updates = await this.call('messages.sendMessage', {
      peer,
      message,
      randomId: randomBytes(8).readBigInt64LE(),
    })
    if (updates._ === 'updateShortSentMessage') return updates.id
    const sent = unpack(updates).find((u) => u._ === 'updateMessageID')
    return sent.id
  }
}

function isUpdates(value: unknown): value is tl.Updates {
  const name = (value as { _?: string } | null)?._
  return typeof name === 'string' && name.startsWith('update') && !name.startsWith('updates.')
}

/** Single updates of a container; short messages stay as they are. */
export function unpack(container: tl.Updates): any[] {
  switch (container._) {
    case 'updates':
    case 'updatesCombined':
      return container.updates
    case 'updateShort':
      return [container.update]
    default:
      return [container]
  }
}
