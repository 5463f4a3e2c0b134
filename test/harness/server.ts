import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../src/admin.ts'
import { ManualClock } from '../../src/clock.ts'
import type { ConfigInput } from '../../src/config.ts'
import { accessHash } from '../../src/domain/hashes.ts'
import type { Keys } from '../../src/keys.ts'
import { createLog } from '../../src/log.ts'
import { createRsaKey, type RsaKey } from '../../src/mtproto/rsa.ts'
import type { App } from '../../src/rpc/app.ts'
import { keyName, newKeyRow } from '../../src/rpc/authorizations.ts'
import { Context } from '../../src/rpc/context.ts'
import type { Dispatcher } from '../../src/rpc/dispatch.ts'
import type { Senders } from '../../src/senders/index.ts'
import { type Server, startServer } from '../../src/server.ts'
import { defaultDialect, freshDatabase, type TestDatabase } from '../../src/storage/test-store.ts'
import { LATEST_LAYER } from '../../src/tl/index.ts'
import { auditAnswer } from './audit.ts'
import { auditDifference } from './audit-difference.ts'
import { AuditedSharing } from './audit-sharing.ts'
import { countAnswer } from './coverage.ts'
import { defaultNodes, openTestWire, type TestWire } from './nodes.ts'
import { Device, Person } from './person.ts'

export interface TestOptions {
  /** So many of them over one database, their people spread over them; CHAPPE_TEST_NODES unless it is named. */
  nodes?: number
  /** Listen on sockets too (loopback, free ports). */
  online?: boolean
  settings?: ConfigInput
  /** `address:port` pairs of this test's own web servers: with any, previews of links are fetched. */
  previewHosts?: ReadonlySet<string>
  /** Errors that this test provokes although no page names them for the method: `method ERROR`. */
  undocumented?: string[]
  /** Calls of this server say nothing of coverage: a test that asserts no effects of theirs. */
  uncounted?: boolean
}

/** The RSA key of a process's test servers: making one takes longer than a test. */
let rsa: RsaKey | undefined

/** A whole server with a fresh database, a clock that moves when told, and people who sign up through the API. */
export class TestServer implements AsyncDisposable {
  readonly clock: ManualClock
  readonly devices: Device[] = []
  /** Mails and text messages that went out. */
  readonly mails: { to: string; subject: string; text: string }[] = []
  readonly texts: { phone: string; text: string; code: string }[] = []
  /** Renders pushes for many at once, and checks them. */
  sharing!: AuditedSharing
  /** One, or what CHAPPE_TEST_NODES says. */
  readonly nodes: Server[] = []
  /** The bus between them. */
  wire: TestWire | undefined
  #database!: TestDatabase
  #dir!: string
  #failures: Error[] = []
  #phones = 0
  #opened = 0

  private constructor(clock: ManualClock) {
    this.clock = clock
  }

  static async start(options: TestOptions = {}): Promise<TestServer> {
    const server = new TestServer(new ManualClock(Date.UTC(2026, 0, 1, 12), options.online ?? false))
    server.#dir = mkdtempSync(join(tmpdir(), 'chappe-test-'))
    // A test that names its database keeps it for itself.
    const count = options.nodes ?? (options.settings?.database === undefined ? defaultNodes : 1)
    server.#database = await freshDatabase(count > 1 ? 'postgres' : defaultDialect)
    rsa ??= createRsaKey()
    const keys: Keys = { rsa, secret: randomBytes(32), publicPath: '' }
    const senders: Senders = {
      mail: async (to, subject, text) => void server.mails.push({ to, subject, text }),
      sms: async (phone, text, code) => void server.texts.push({ phone, text, code }),
      close: () => {},
    }
    if (count > 1) server.wire = await openTestWire(count)
    try {
      for (let i = 0; i < count; i++) server.nodes.push(await server.#startNode(i, options, keys, senders))
    } catch (error) {
      await server.#stop()
      throw error
    }
    return server
  }

  /** @param i which of them: it has that end of the wire */
  async #startNode(i: number, options: TestOptions, keys: Keys, senders: Senders): Promise<Server> {
    const node = await startServer(
      {
        data: this.#dir,
        database: this.#database.address,
        test: true,
        port: 0,
        httpPort: options.online ? 0 : 'off',
        // Tests ask nothing of the network but what they serve themselves.
        linkPreviews: options.previewHosts ? 'on' : 'off',
        ...options.settings,
      },
      {
        clock: this.clock,
        log: createLog((process.env.CHAPPE_TEST_LOG as 'info') || 'error'),
        senders,
        keys,
        offline: !options.online,
        ...(this.wire ? { bus: this.wire.ends[i]! } : undefined),
        ...(options.previewHosts ? { previewHosts: options.previewHosts } : undefined),
      },
    )
    const sharing = new AuditedSharing(node.app, (error) => this.#failures.push(error))
    this.sharing ??= sharing
    node.app.hub.sharing = sharing
    const allowed = new Set(options.undocumented)
    node.dispatcher.onAnswer = (session, call, answer) => {
      const via = session.pipe.remote.transport === 'harness' ? 'harness' : 'wire'
      if (!answer.error && !options.uncounted) {
        for (const name of [answer.method, ...(call.wrappers ?? [])]) countAnswer(name, via)
      }
      if (answer.error && allowed.has(`${answer.method} ${answer.error.message}`)) return
      try {
        auditAnswer(answer)
      } catch (error) {
        this.#failures.push(error as Error)
      }
    }
    return node
  }

  get app(): App {
    return this.server.app
  }
  get dispatcher(): Dispatcher {
    return this.server.dispatcher
  }
  get server(): Server {
    return this.nodes[0]!
  }

  /** Where the next device connects: each in turn. */
  nextNode(): Server {
    return this.nodes[this.#opened++ % this.nodes.length]!
  }

  /** Signs people up, each on a device of their own at that layer. */
  async people<N extends string[]>(...names: N): Promise<{ [K in keyof N]: Person }> {
    const people: Person[] = []
    for (const name of names) people.push(await this.person(name))
    return people as { [K in keyof N]: Person }
  }

  async person(firstName: string, layer = LATEST_LAYER): Promise<Person> {
    const phone = `99966${1 + (this.#phones % 3)}${String(++this.#phones).padStart(4, '0')}`
    const device = await Device.open(this, layer)
    const id = await this.signIn(device, phone, firstName)
    return new Person(device, id, phone, firstName)
  }

  /** Makes a bot, and gives its token. */
  async botToken(username: string, firstName = 'Bot'): Promise<string> {
    const lines = await runCommand(this.app, 'user bot', [username, firstName])
    return /token (\d+:[\w-]+)/.exec(lines.join('\n'))![1]!
  }

  /** A bot that is signed in. */
  async bot(username: string): Promise<Person> {
    const botAuthToken = await this.botToken(username)
    const device = await Device.open(this)
    const signIn = { flags: 0, apiId: 4, apiHash: 'harness', botAuthToken }
    const auth = await device.call('auth.importBotAuthorization', signIn)
    await this.#noteStart(device)
    return new Person(device, (auth as { user: { id: number } }).user.id, '', 'Bot')
  }

  /** Notes where a session that has just signed in stands. */
  async #noteStart(device: Device): Promise<void> {
    const state = await device.call('updates.getState', {})
    device.start = { pts: state.pts, qts: state.qts, date: state.date }
    await device.pushes()
    device.audited = device.received.length
  }

  /** Signs a device in (or up) with the code that test numbers take. */
  async signIn(device: Device, phone: string, firstName?: string): Promise<number> {
    const sent = await device.call('auth.sendCode', {
      phoneNumber: phone,
      apiId: 4,
      apiHash: 'harness',
      settings: { _: 'codeSettings' },
    })
    assert.equal(sent._, 'auth.sentCode')
    const { phoneCodeHash } = sent as { phoneCodeHash: string }
    const phoneCode = phone[5]!.repeat(5)
    let auth = await device.call('auth.signIn', { phoneNumber: phone, phoneCodeHash, phoneCode })
    if (auth._ === 'auth.authorizationSignUpRequired') {
      assert.ok(firstName, `${phone} has no account yet`)
      auth = await device.call('auth.signUp', { phoneNumber: phone, phoneCodeHash, firstName, lastName: '' })
    }
    assert.equal(auth._, 'auth.authorization')
    await this.#noteStart(device)
    return (auth as { user: { id: number } }).user.id
  }

  /** A row for an authorization key nobody signed in with yet. */
  async newAuthKey(): Promise<string> {
    const id = keyName(randomBytes(8).readBigUInt64LE())
    const row = newKeyRow(id, randomBytes(256), 0, Math.floor(this.clock.now() / 1000))
    await this.app.store.transact((trx) => trx.insertInto('auth_key').values(row).execute())
    return id
  }

  hashFor(viewer: Person | Device, id: number): bigint {
    const device = viewer instanceof Device ? viewer : viewer.device1
    return accessHash(new Context(this.app, device.session.auth.userId), 'user', id)
  }

  /** Resolves when every push that was due has been sent. */
  async quiet(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      await this.wire?.quiet(this.nodes)
      const busy = this.devices.some(
        (d) => d.session.subscriber && !d.session.subscriber.idle && d.session.pipe.connected,
      )
      if (!busy) return
    }
  }

  async #stop(): Promise<void> {
    for (const node of this.nodes) await node.stop()
    await this.wire?.[Symbol.asyncDispose]()
    await this.#database[Symbol.asyncDispose]()
    await rm(this.#dir, { recursive: true, force: true })
  }

  /** Ends the test: every session's difference must equal what it was pushed; what the audits found is thrown. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#failures.length === 0) await auditDifference(this)
    } finally {
      await this.#stop()
    }
    if (this.#failures.length > 0) throw this.#failures[0]
  }
}

export const startTestServer = (options?: TestOptions): Promise<TestServer> => TestServer.start(options)
