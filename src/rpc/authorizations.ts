import type { Insertable } from 'kysely'
import type { Store, Tables } from '../storage/index.ts'
import type { RpcSession } from './session.ts'

/** What clients say of themselves in initConnection. https://core.telegram.org/method/initConnection */
export interface Device {
  readonly apiId: number
  readonly deviceModel: string
  readonly systemVersion: string
  readonly appVersion: string
  readonly systemLangCode: string
  readonly langPack: string
  readonly langCode: string
}

/** Different devices that are remembered, to keep one object for all who say the same. */
const DEVICES = 4096

/** One permanent authorization key: who signed in with it, from which device, at which layer. Shared by its sessions. */
export interface Authorization {
  /** The key's id, 16 hex digits. */
  readonly id: string
  /** False for a temporary key that is bound to no permanent one. */
  readonly bound: boolean
  userId: number
  bot: boolean
  layer: number
  device: Device | undefined
  /** The account that gave its code and still owes its password; 0 when none does. */
  passwordPending: number
  /** Live sessions of this key on this node. */
  readonly sessions: Set<RpcSession>
  /** Unix seconds of the last write of `active_at`. */
  savedAt: number
  /** Counts up whenever it changes hands on this node. */
  version: number
  /** While it is read again, since another node has changed it: no call is admitted before. */
  doubt?: Promise<void> | undefined
}

/** A key's id as it is written in the database: 16 hex digits. */
export const keyName = (id: bigint): string => BigInt.asUintN(64, id).toString(16).padStart(16, '0')

/**
 * The row of a key that nobody has signed in with yet.
 * @param expiresAt unix seconds when a temporary key ends; 0 for a permanent one
 */
export function newKeyRow(
  id: string,
  sealed: Uint8Array,
  expiresAt: number,
  now: number,
): Insertable<Tables['auth_key']> {
  return {
    id,
    sealed,
    temp: expiresAt > 0 ? 1 : 0,
    expires_at: expiresAt,
    perm_id: null,
    user_id: null,
    layer: 0,
    api_id: 0,
    device_model: '',
    platform: '',
    system_version: '',
    app_version: '',
    lang_code: '',
    system_lang_code: '',
    lang_pack: '',
    ip: '',
    created_at: now,
    active_at: now,
    password_pending_user: null,
    flags: 0,
  }
}

/**
 * The authorizations in use on this node, by key id: loaded once, shared by all sessions of the key, forgotten when
 * the last session has gone.
 */
export class Authorizations {
  readonly #store: Store
  readonly #live = new Map<string, Authorization>()
  readonly #loading = new Map<string, Promise<Authorization>>()
  readonly #devices = new Map<string, Device>()
  /** Called with every key of which it is said here that it changed: the other nodes are told. */
  onChange: ((id: string) => void) | undefined

  constructor(store: Store) {
    this.#store = store
  }

  get(id: string): Authorization | undefined {
    return this.#live.get(id)
  }

  /** Every live authorization of an account on this node. */
  *of(userId: number): Iterable<Authorization> {
    for (const auth of this.#live.values()) if (auth.userId === userId) yield auth
  }

  all(): Iterable<Authorization> {
    return this.#live.values()
  }

  async load(id: string): Promise<Authorization> {
    const live = this.#live.get(id)
    if (live) return live
    let loading = this.#loading.get(id)
    if (!loading) {
      loading = this.#read(id).finally(() => this.#loading.delete(id))
      this.#loading.set(id, loading)
    }
    return loading
  }

  async #read(id: string): Promise<Authorization> {
    const row = await this.#store.db
      .selectFrom('auth_key')
      .leftJoin('user', 'user.id', 'auth_key.user_id')
      .select(['auth_key.user_id', 'auth_key.layer', 'auth_key.api_id', 'device_model', 'system_version'])
      .select(['app_version', 'system_lang_code', 'auth_key.lang_pack', 'auth_key.lang_code', 'active_at'])
      .select(['password_pending_user', 'user.bot'])
      .where('auth_key.id', '=', id)
      .executeTakeFirst()
    const auth: Authorization = {
      id,
      bound: true,
      userId: row?.user_id ?? 0,
      bot: row?.bot === 1,
      layer: row?.layer ?? 0,
      device: row?.device_model
        ? this.alike({
            apiId: row.api_id ?? 0,
            deviceModel: row.device_model,
            systemVersion: row.system_version ?? '',
            appVersion: row.app_version ?? '',
            systemLangCode: row.system_lang_code ?? '',
            langPack: row.lang_pack ?? '',
            langCode: row.lang_code ?? '',
          })
        : undefined,
      passwordPending: row?.password_pending_user ?? 0,
      sessions: new Set(),
      savedAt: row?.active_at ?? 0,
      version: 0,
    }
    this.#live.set(id, auth)
    return auth
  }

  /** The object that all have who say the same of themselves. */
  alike(device: Device): Device {
    const said = JSON.stringify(device)
    let known = this.#devices.get(said)
    if (known === undefined) {
      if (this.#devices.size >= DEVICES) this.#devices.clear()
      known = device
      this.#devices.set(said, device)
    }
    return known
  }

  attach(session: RpcSession): void {
    session.auth.sessions.add(session)
    this.#live.set(session.auth.id, session.auth)
  }

  detach(session: RpcSession): void {
    session.unsubscribe()
    // Once: by the second time the key may have been loaded anew.
    if (session.auth.sessions.delete(session) && session.auth.sessions.size === 0) this.#live.delete(session.auth.id)
  }

  /** Says on this node that whoever holds this key gave the right code for an account and still owes its password. */
  pending(id: string, userId: number): void {
    this.onChange?.(id)
    const auth = this.#live.get(id)
    if (!auth) return
    auth.passwordPending = userId
    auth.version++
  }

  /** What is in use here, after what is being loaded. */
  async settled(id: string): Promise<Authorization | undefined> {
    await this.#loading.get(id)?.catch(() => {})
    return this.#live.get(id)
  }

  /**
   * Says on this node that an authorization now belongs to `userId` (0: signed out). Its sessions end their
   * subscriptions and begin anew at their next call. Called after the row is durable.
   */
  changed(id: string, userId: number, bot = false): void {
    this.onChange?.(id)
    this.changedHere(id, userId, bot)
  }

  /** The same without telling the other nodes. */
  changedHere(id: string, userId: number, bot = false): void {
    const auth = this.#live.get(id)
    if (!auth) return
    auth.version++
    auth.userId = userId
    auth.bot = bot
    auth.passwordPending = 0
    for (const session of auth.sessions) {
      session.unsubscribe()
      session.wantsUpdates = false
      session.forgetPeers()
    }
  }
}
