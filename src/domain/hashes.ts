import { createHmac, timingSafeEqual } from 'node:crypto'
import type { App } from '../rpc/app.ts'
import type { Ctx } from '../rpc/context.ts'

export type HashedKind =
  | 'user'
  | 'channel'
  | 'photo'
  | 'document'
  | 'secret'
  | 'file'
  | 'wallpaper'
  | 'theme'
  | 'stickers'

/** Access hashes kept in memory; they are computed, never stored. */
const CACHE = 100_000
const caches = new WeakMap<Buffer, Map<string, bigint>>()

/**
 * The access hash under which a viewer may name an object: a keyed hash of both, so that no one can use another
 * account's. https://core.telegram.org/api/peers#access-hash
 */
export function accessHash(ctx: Ctx, kind: HashedKind, id: number | bigint): bigint {
  if (ctx.holes) return ctx.holes.hash(kind, id)
  const key = ctx.app.secrets.accessHash
  let cache = caches.get(key)
  if (!cache) caches.set(key, (cache = new Map()))
  const name = `${kind}:${ctx.viewer}:${id}`
  let hash = cache.get(name)
  if (hash === undefined) {
    hash = computed(key, name)
    if (cache.size >= CACHE) cache.clear()
    cache.set(name, hash)
  }
  return hash
}

function computed(key: Buffer, name: string): bigint {
  return createHmac('sha256', key).update(name).digest().readBigInt64LE(0)
}

/** Objects that many are sent at once, and viewers of each, whose hashes are kept. */
const MANYS = 64
const VIEWERS = 20_000
const manys = new WeakMap<Buffer, Map<string, Map<number, bigint>>>()

/** An object's access hashes for one viewer after the other. */
export function accessHashes(app: App, kind: HashedKind, id: number | bigint): (viewer: number) => bigint {
  const key = app.secrets.accessHash
  let known = manys.get(key)
  if (!known) manys.set(key, (known = new Map()))
  const name = `${kind}:${id}`
  const hashes = known.get(name) ?? new Map<number, bigint>()
  // The ones used last stand last.
  known.delete(name)
  known.set(name, hashes)
  if (known.size > MANYS) known.delete(known.keys().next().value!)
  return (viewer) => {
    let hash = hashes.get(viewer)
    if (hash === undefined) {
      hash = computed(key, `${kind}:${viewer}:${id}`)
      if (hashes.size >= VIEWERS) hashes.clear()
      hashes.set(viewer, hash)
    }
    return hash
  }
}

const REFERENCE_VERSION = 1
/** References made within the same window are the same, so that answers can be compared and cached. */
const REFERENCE_STEP = 3600

/**
 * A file reference: opaque to clients, good for some hours, made anew whenever the object is read.
 * https://core.telegram.org/api/file-references
 */
export function fileReference(ctx: Ctx, id: number | bigint): Uint8Array {
  return ctx.holes?.reference(id) ?? referenceFor(ctx.app, ctx.viewer, id, ctx.now)
}

/** The same for an account that does not ask itself; `now` in unix seconds. */
export function referenceFor(app: App, viewer: number, id: number | bigint, now: number): Uint8Array {
  const until = Math.ceil((now + app.config.limits.fileReferenceSeconds) / REFERENCE_STEP) * REFERENCE_STEP
  return signReference(app, viewer, id, until)
}

function signReference(app: App, viewer: number, id: number | bigint, until: number): Buffer {
  const out = Buffer.alloc(21)
  out[0] = REFERENCE_VERSION
  out.writeUInt32LE(until, 1)
  const mac = createHmac('sha256', app.secrets.fileReference).update(`${viewer}:${id}:${until}`).digest()
  mac.copy(out, 5, 0, 16)
  return out
}

/** 'ok', or why a file reference is refused. */
export function checkReference(
  ctx: Ctx,
  id: number | bigint,
  reference: Uint8Array,
): 'ok' | 'FILE_REFERENCE_EMPTY' | 'FILE_REFERENCE_INVALID' | 'FILE_REFERENCE_EXPIRED' {
  if (reference.length === 0) return 'FILE_REFERENCE_EMPTY'
  if (reference.length !== 21 || reference[0] !== REFERENCE_VERSION) return 'FILE_REFERENCE_INVALID'
  const until = Buffer.from(reference.buffer, reference.byteOffset, 21).readUInt32LE(1)
  if (!timingSafeEqual(signReference(ctx.app, ctx.viewer, id, until), reference)) return 'FILE_REFERENCE_INVALID'
  return until < ctx.now ? 'FILE_REFERENCE_EXPIRED' : 'ok'
}
