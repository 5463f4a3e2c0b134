import type { MtprotoHost, MtSession, Outgoing, Request, SessionEvent } from '../mtproto/host.ts'
import type { RsaKey } from '../mtproto/rsa.ts'
import { seal, unseal } from '../storage/seal.ts'
import type { App } from './app.ts'
import { type Authorization, keyName, newKeyRow } from './authorizations.ts'
import type { Dispatcher } from './dispatch.ts'
import { RpcSession } from './session.ts'

/** Joins MTProto's sessions to the dispatcher, and its keys to the database. */
export function mtprotoHost(app: App, dispatcher: Dispatcher, rsa: RsaKey[]): MtprotoHost {
  return {
    now: () => app.clock.now(),
    random: app.random,
    rsa,
    dc: app.config.dc,
    saltSecret: app.secrets.salt,
    log: app.log,
    metrics: app.metrics,
    loadKey: (id) => loadKey(app, id),
    saveKey: (key) => saveKey(app, key),
    async deleteKey(id) {
      const name = keyName(id)
      // The same client's keys for other data centres are signed out with the one they hang on.
      const hanging = await app.store.transact(async (trx) => {
        await trx
          .deleteFrom('auth_key')
          .where((eb) => eb.or([eb('id', '=', name), eb('perm_id', '=', name)]))
          .execute()
        const set = { user_id: null, parent: null, signed_in_at: 0 }
        return trx.updateTable('auth_key').set(set).where('parent', '=', name).returning('id').execute()
      })
      for (const key of [name, ...hanging.map((row) => row.id)]) app.authorizations.changed(key, 0)
      app.nodes.dropped(name)
    },
    onRequest: (session, request) => onRequest(app, dispatcher, session, request),
    onSession: (session, event) => onSession(app, session, event),
  }
}

async function loadKey(app: App, id: bigint) {
  const row = await app.store.db
    .selectFrom('auth_key')
    .select(['sealed', 'expires_at', 'perm_id'])
    .where('id', '=', keyName(id))
    .executeTakeFirst()
  if (!row) return undefined
  const key = unseal(app.secrets.seal, `auth_key:${keyName(id)}`, row.sealed)
  return { id, key, expiresAt: row.expires_at, permId: row.perm_id ? BigInt(`0x${row.perm_id}`) : 0n }
}

async function saveKey(app: App, key: { id: bigint; key: Buffer; expiresAt: number }): Promise<void> {
  const id = keyName(key.id)
  const sealed = seal(app.secrets.seal, `auth_key:${id}`, key.key)
  const row = newKeyRow(id, sealed, key.expiresAt, Math.floor(app.clock.now() / 1000))
  await app.store.transact((trx) => trx.insertInto('auth_key').values(row).execute())
}

/** The session's own object of this layer; made at its first request, and again once its key is bound to another. */
interface State {
  keyId: bigint
  key: string
  rpc: RpcSession | undefined
  loading: Promise<RpcSession> | undefined
}

async function onUnbound(app: App, dispatcher: Dispatcher, session: MtSession, request: Request): Promise<Outgoing> {
  // Its client may have bound it at another node.
  const key = await loadKey(app, session.authKey.id).catch(() => undefined)
  if (key && key.permId !== 0n) session.authKey.permId = key.permId
  return answer(app, dispatcher, session, request)
}

function onRequest(app: App, dispatcher: Dispatcher, session: MtSession, request: Request): Promise<Outgoing> {
  if (app.nodes.shared && session.permKeyId === 0n) return onUnbound(app, dispatcher, session, request)
  return answer(app, dispatcher, session, request)
}

function answer(app: App, dispatcher: Dispatcher, session: MtSession, request: Request): Promise<Outgoing> {
  const keyId = session.permKeyId || session.authKey.id
  let state = session.state as State | undefined
  if (!state || state.keyId !== keyId) {
    if (state?.rpc) app.authorizations.detach(state.rpc)
    state = { keyId, key: keyName(keyId), rpc: undefined, loading: undefined }
    session.state = state
  }
  const { body, msgId, free } = request
  if (state.rpc) return dispatcher.handle(state.rpc, body, msgId, free)
  return (state.loading ??= open(app, session, state)).then((rpc) => dispatcher.handle(rpc, body, msgId, free))
}

async function open(app: App, session: MtSession, state: State): Promise<RpcSession> {
  const auth = session.permKeyId ? await app.authorizations.load(state.key) : unbound(state.key)
  const rpc = new RpcSession(session.id, auth, session)
  rpc.tempKey = session.authKey.expiresAt > 0 ? session.authKey.id : 0n
  if (session.permKeyId) app.authorizations.attach(rpc)
  state.rpc = rpc
  state.loading = undefined
  return rpc
}

/** Takes note that a live session's temporary key belongs to a permanent one: its next request comes from there. */
export function bindKey(session: RpcSession, permId: bigint): void {
  const { authKey } = session.pipe as MtSession
  authKey.permId = permId
}

/** A temporary key before auth.bindTempAuthKey: nobody's, and good for nothing else. */
function unbound(id: string): Authorization {
  return {
    id,
    bound: false,
    userId: 0,
    bot: false,
    layer: 0,
    device: undefined,
    passwordPending: 0,
    sessions: new Set(),
    savedAt: Number.MAX_SAFE_INTEGER,
    version: 0,
  }
}

function onSession(app: App, session: MtSession, event: SessionEvent): void {
  const rpc = (session.state as State | undefined)?.rpc
  if (!rpc) return
  if (event === 'connected') rpc.subscriber?.wake()
  if (event === 'closed') app.authorizations.detach(rpc)
}
