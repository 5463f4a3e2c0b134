// Authorization keys in memory: those with sessions, and those used lately.
import type { AuthKey, MtprotoHost, MtSession } from './host.ts'
import { KeyEntry } from './keys.ts'

const NOT_FOUND = -404
/** A key without sessions stays in memory for so long, ms. */
const KEY_MS = 60_000
/** One that is not used for so long keeps nothing that can be computed anew, ms. */
const QUIET_MS = 30_000

export class KeyStore {
  private readonly host: MtprotoHost
  private readonly keys = new Map<bigint, KeyEntry>()
  private readonly loading = new Map<bigint, Promise<KeyEntry | undefined>>()

  constructor(host: MtprotoHost) {
    this.host = host
  }

  /** A key that is in memory. */
  get(id: bigint): KeyEntry | undefined {
    return this.keys.get(id)
  }

  add(auth: AuthKey, now: number): KeyEntry {
    const entry = new KeyEntry(auth, this.host.saltSecret)
    entry.usedAt = now
    this.keys.set(auth.id, entry)
    return entry
  }

  /** Whether a key with this id exists anywhere. */
  async exists(id: bigint): Promise<boolean> {
    return this.keys.has(id) || (await this.host.loadKey(id)) !== undefined
  }

  /** A key from the store; asked for once, however many connections wait for it. */
  load(id: bigint, now: number): Promise<KeyEntry | undefined> {
    let loading = this.loading.get(id)
    if (loading === undefined) {
      loading = this.host
        .loadKey(id)
        .then((auth) => (auth === undefined ? undefined : (this.keys.get(id) ?? this.add(auth, now))))
        .finally(() => this.loading.delete(id))
      this.loading.set(id, loading)
    }
    return loading
  }

  /** Removes a key from the store. Gives whether it was there. Rejects when the store does. */
  async destroy(key: KeyEntry): Promise<boolean> {
    if (key.dropped) return false
    key.dropped = true
    try {
      await this.host.deleteKey(key.id)
    } catch (error) {
      key.dropped = false
      throw error
    }
    return true
  }

  /** Ends a key and those bound to it, if they are in memory. */
  drop(id: bigint): void {
    const key = this.keys.get(id)
    if (key !== undefined) this.end(key)
    for (const other of [...this.keys.values()]) if (other.permId === id) this.end(other)
  }

  /** Ends a destroyed key when what is queued has left. */
  dropSoon(key: KeyEntry): void {
    setImmediate(() => setImmediate(() => this.end(key)))
  }

  private end(key: KeyEntry): void {
    key.dropped = true
    this.keys.delete(key.id)
    for (const session of key.sessions) {
      for (const link of session.links) link.fail(NOT_FOUND)
      session.close('key dropped')
    }
  }

  sessionsOf(id: bigint): MtSession[] {
    return [...(this.keys.get(id)?.sessions ?? [])]
  }

  sweep(now: number): void {
    for (const [id, key] of this.keys) {
      const quiet = now - key.usedAt
      if (quiet > KEY_MS && key.sessions.length === 0) this.keys.delete(id)
      else if (quiet > QUIET_MS) key.letGo()
    }
  }
}
