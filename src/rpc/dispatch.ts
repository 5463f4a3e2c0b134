import type { FilePiece } from '../mtproto/host.ts'
import { release } from '../mtproto/pieces.ts'
import {
  LATEST_LAYER,
  type Methods,
  MIN_LAYER,
  methodInfo,
  readRequest,
  TlError,
  type Writer,
  writeMtInto,
  writeResultInto,
} from '../tl/index.ts'
import { type Completer, subscribe } from '../updates/pusher.ts'
import type { App } from './app.ts'
import type { Device } from './authorizations.ts'
import { Context } from './context.ts'
import { codeOf, isGeneralError, RpcError } from './errors.ts'
import { countedTogether, Flood, hitTogether } from './flood.ts'
import type { Method, MethodName } from './method.ts'
import type { Outgoing, RpcSession } from './session.ts'
import { narrow, openTakeout } from './takeout.ts'
import { chatNamed, type Turn, takesTurns } from './turns.ts'

/** How long invokeAfterMsg waits for the earlier request, in milliseconds. */
const AFTER_TIMEOUT = 30_000
/** `active_at` of a key is written at most so often, in seconds. */
const ACTIVE_EVERY = 60
/** Parts of files are not copied out of what came in. */
const READ = { viewsFrom: 65_536 }

export interface Call {
  name: string
  /** Names of what was wrapped round it, from the outside in. */
  wrappers?: string[]
  params: any
  layer: number
  device: Device | undefined
  after: bigint[]
  withoutUpdates: boolean
  takeout?: bigint
}

/** What a call came to: the answer as it will be written, kept readable for the harness's audit. */
export interface Answer {
  readonly method: string
  readonly layer: number
  readonly result?: unknown
  readonly error?: { code: number; message: string }
}

/**
 * Takes a request's bytes to its method and the method's result (or error) to the answer. The one boundary for
 * errors: RpcError by its name, anything else logged and answered 500 INTERNAL.
 */
export class Dispatcher {
  readonly #app: App
  readonly #flood: Flood
  readonly #complete: Completer
  /** The harness listens here: every call, its answer and the session. */
  onAnswer: ((session: RpcSession, call: Call, answer: Answer) => void) | undefined

  constructor(app: App, complete: Completer) {
    this.#app = app
    this.#complete = complete
    this.#flood = new Flood(app.config.test ? {} : app.config.limits.flood, app.clock)
  }

  handle(session: RpcSession, body: Uint8Array, msgId = 0n, free?: () => void): Promise<Outgoing> {
    return this.answer(session, body, msgId, free).then((answer) => {
      const out: Outgoing = (writer) => this.#write(writer, answer)
      const piece = answer.error ? undefined : this.#app.methods.get(answer.method)?.pieceOf?.(answer.result as never)
      if (piece) {
        const kept: FilePiece = {
          ...piece,
          bytes: undefined,
          head: (writer) => writeHead(writer, answer, piece.length),
        }
        out.piece = kept
        out.free = () => release(kept)
      }
      return out
    })
  }

  /** An answer that cannot be written in the session's layer is a fault of ours, and is answered as one. */
  #write(writer: Writer, answer: Answer): void {
    const start = writer.pos
    try {
      writeAnswer(writer, answer)
    } catch (error) {
      writer.pos = start
      this.#app.log.error({ err: error, method: answer.method, layer: answer.layer }, 'an answer cannot be written')
      writeAnswer(writer, { ...answer, error: { code: 500, message: 'INTERNAL' } })
    }
  }

  /** Reads, runs and answers one request; never rejects. What it returns is safe to send: it is on disk. */
  async answer(session: RpcSession, body: Uint8Array, msgId = 0n, free?: () => void): Promise<Answer> {
    const started = performance.now()
    let call: Call | undefined
    let answer: Answer
    try {
      call = unwrap(readRequest(body, READ) as any)
      const result = await this.#invoke(session, call, msgId)
      answer = { method: call.name, layer: session.auth.layer || LATEST_LAYER, result }
    } catch (error) {
      answer = this.#failed(call?.name ?? '', session, error)
    }
    if (answer.error) session.refuse(msgId)
    const settled = this.#app.store.settled()
    if (settled) await settled
    const told = this.#app.nodes.told()
    if (told) await told
    this.#app.metrics.request(answer.method, answer.error?.message, performance.now() - started)
    if (call) this.onAnswer?.(session, call, answer)
    if (free && call && this.#app.methods.get(call.name)?.keepsNothing) free()
    return answer
  }

  async #invoke(session: RpcSession, call: Call, msgId: bigint): Promise<unknown> {
    // Before anything is waited for: the place is that of the arrival, unless the client has said what it comes after.
    let turn = call.after.length === 0 ? this.#turn(session, call) : undefined
    try {
      if (call.after.length === 0) return await this.#run(session, call, msgId, turn)
      await waitFor(session, call.after)
      turn = this.#turn(session, call)
      return await this.#run(session, call, msgId, turn)
    } finally {
      turn?.end()
    }
  }

  #turn(session: RpcSession, call: Call): Turn | undefined {
    const method = this.#app.methods.get(call.name)
    // One whose code is not loaded yet may be one that takes turns.
    if (method && !takesTurns(method.flood)) return undefined
    return session.turns.take(chatNamed(call.params, session.auth.userId))
  }

  async #run(session: RpcSession, call: Call, msgId: bigint, turn: Turn | undefined): Promise<unknown> {
    const { auth } = session
    const doubt = this.#app.nodes.doubt(auth)
    if (doubt) {
      await doubt
      // Its temporary key is no more.
      if (auth.bound && !auth.sessions.has(session)) throw new RpcError('AUTH_KEY_UNREGISTERED')
    }
    if (this.#hasNews(session, call)) await this.#takeNote(session)
    const { methods } = this.#app
    const found = methods.get(call.name) ?? (await methods.load(call.name))
    if (!found) throw new RpcError(methodInfo(call.name) ? 'NOT_IMPLEMENTED' : 'INPUT_METHOD_INVALID')
    const counting = this.#admit(session, found, call.takeout !== undefined)
    if (counting) await counting
    if (!call.withoutUpdates) session.wantsUpdates = true
    if (!session.subscriber || session.subscribing) await this.#listen(session)
    const takeout =
      call.takeout === undefined ? undefined : await openTakeout(this.#app.store, auth.userId, call.takeout)
    const ctx = new Context(this.#app, auth.userId, session, undefined, msgId, takeout)
    ctx.turn = turn
    const result = await found.run(ctx, call.params)
    // Signing in happens inside a call: what the account is told from here on reaches this session.
    if (found.anonymous && !call.withoutUpdates) {
      session.wantsUpdates = true
      await this.#listen(session)
    }
    return result
  }

  async #listen(session: RpcSession): Promise<void> {
    if (session.subscribing) return session.subscribing
    if (!session.wantsUpdates || session.subscriber || session.auth.userId === 0) return
    await subscribe(session, new Context(this.#app, session.auth.userId, session), this.#complete)
  }

  /** Resolves, or returns, when the call may be made. */
  #admit(session: RpcSession, found: Method, takeout: boolean): Promise<void> | undefined {
    const { auth } = session
    if (!auth.bound && !found.unbound) throw new RpcError('AUTH_KEY_PERM_EMPTY')
    if (auth.userId === 0 && !found.anonymous) {
      throw new RpcError(auth.passwordPending ? 'SESSION_PASSWORD_NEEDED' : 'AUTH_KEY_UNREGISTERED')
    }
    const info = methodInfo(found.name)
    if (auth.bot && info?.userOnly) throw new RpcError('BOT_METHOD_INVALID')
    if (auth.userId !== 0 && !auth.bot && info?.botOnly) throw new RpcError('USER_BOT_REQUIRED')
    // Who takes everything out reads much in a short time. https://core.telegram.org/api/takeout
    if (!found.flood || (takeout && found.flood === 'read')) return
    const caller = auth.userId ? String(auth.userId) : auth.id
    const { config, nodes, store, clock } = this.#app
    if (nodes.shared && !config.test && countedTogether(found.flood)) {
      const name = `${found.flood} ${caller}`
      const limit = config.limits.flood[found.flood]
      return store.transact((trx) => hitTogether(trx, name, limit, Math.floor(clock.now() / 1000))).then(refuseFor)
    }
    refuseFor(this.#flood.hit(caller, found.flood))
  }

  /** Looks at the layer and the device a client says it has: whether there is something to take note of. */
  #hasNews(session: RpcSession, call: Call): boolean {
    const { auth } = session
    const now = Math.floor(this.#app.clock.now() / 1000)
    const layer = Math.min(call.layer, LATEST_LAYER)
    if (call.layer > 0 && call.layer < MIN_LAYER) throw new RpcError('CONNECTION_LAYER_INVALID')
    const news = (layer > 0 && layer !== auth.layer) || call.device !== undefined
    if (layer > 0) auth.layer = layer
    if (call.device) auth.device = this.#app.authorizations.alike(call.device)
    if (!news && now - auth.savedAt < ACTIVE_EVERY) return false
    auth.savedAt = now
    return true
  }

  async #takeNote(session: RpcSession): Promise<void> {
    const { auth } = session
    const d = auth.device
    await this.#app.store.transact((trx) =>
      trx
        .updateTable('auth_key')
        .set({ layer: auth.layer, active_at: auth.savedAt, ip: session.pipe.remote.ip })
        .$if(d !== undefined, (q) =>
          q.set({
            api_id: d!.apiId,
            device_model: d!.deviceModel,
            system_version: d!.systemVersion,
            app_version: d!.appVersion,
            system_lang_code: d!.systemLangCode,
            lang_pack: d!.langPack,
            lang_code: d!.langCode,
          }),
        )
        .where('id', '=', auth.id)
        .execute(),
    )
  }

  #failed(method: string, session: RpcSession, error: unknown): Answer {
    const layer = session.auth.layer || LATEST_LAYER
    if (error instanceof RpcError) {
      return { method, layer, error: { code: codeOf(method, error.type), message: error.message } }
    }
    if (error instanceof TlError) {
      return { method, layer, error: { code: 400, message: 'INPUT_METHOD_INVALID' } }
    }
    this.#app.log.error({ err: error, method }, 'a method failed')
    return { method, layer, error: { code: 500, message: 'INTERNAL' } }
  }
}

/** @param wait seconds, 0 for a call that may be made */
function refuseFor(wait: number): void {
  if (wait > 0) throw new RpcError('FLOOD_WAIT_%d', wait)
}

/** Writes an answer's body: the result in the session's layer, or rpc_error. */
export function writeAnswer(writer: Writer, answer: Answer): void {
  if (answer.error) {
    writeMtInto(writer, { _: 'rpc_error', errorCode: answer.error.code, errorMessage: answer.error.message })
    return
  }
  writeResultInto(writer, answer.method as MethodName, answer.result as never, answer.layer)
}

/** Writes an answer up to the bytes that are its last field, of which the answer itself has none. */
function writeHead(writer: Writer, answer: Answer, length: number): void {
  writeAnswer(writer, answer)
  writer.pos--
  writer.int((length << 8) | 254)
}

export { isGeneralError }

/** Takes the wrappers off a request. https://core.telegram.org/api/invoking */
function unwrap(request: any): Call {
  const call: Call = { name: '', params: undefined, layer: 0, device: undefined, after: [], withoutUpdates: false }
  let range: { minId: number; maxId: number } | undefined
  let at = request
  for (;;) {
    switch (at._) {
      case 'invokeWithLayer':
        call.layer = at.layer
        break
      case 'initConnection':
        call.device = device(at)
        break
      case 'invokeAfterMsg':
        call.after.push(at.msgId)
        break
      case 'invokeAfterMsgs':
        call.after.push(...at.msgIds)
        break
      case 'invokeWithoutUpdates':
        call.withoutUpdates = true
        break
      case 'invokeWithTakeout':
        call.takeout = at.takeoutId
        break
      case 'invokeWithMessagesRange':
        range = at.range
        break
      case 'invokeWithBusinessConnection':
        throw new RpcError('NOT_IMPLEMENTED')
      case 'invokeWithApnsSecret':
      case 'invokeWithGooglePlayIntegrity':
      case 'invokeWithReCaptcha':
        // What they prove is for Telegram's own applications; the call inside is what counts.
        break
      default:
        call.name = at._
        call.params = at
        if (range) narrow(at, range)
        return call
    }
    ;(call.wrappers ??= []).push(at._)
    at = at.query
  }
}

/** Longest text kept of each field a client says of itself. */
const DEVICE_TEXT = 128

function device(init: Methods['initConnection']['params']): Device {
  const cut = (text: string) => text.slice(0, DEVICE_TEXT)
  return {
    apiId: init.apiId,
    deviceModel: cut(init.deviceModel),
    systemVersion: cut(init.systemVersion),
    appVersion: cut(init.appVersion),
    systemLangCode: cut(init.systemLangCode),
    langPack: cut(init.langPack),
    langCode: cut(init.langCode),
  }
}

/**
 * Waits for earlier requests of the session. Those that are unknown were answered long ago, or never came: there is
 * nothing to wait for. https://core.telegram.org/method/invokeAfterMsg
 */
async function waitFor(session: RpcSession, ids: bigint[]): Promise<void> {
  const pending = ids.map((id) => session.pipe.result(id))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RpcError('MSG_WAIT_TIMEOUT')), AFTER_TIMEOUT)
  })
  await Promise.race([Promise.all(pending), late]).finally(() => clearTimeout(timer))
  if (ids.some((id) => session.refused(id))) throw new RpcError('MSG_WAIT_FAILED')
}
