import { Buffer } from 'node:buffer'
import type { App } from '../rpc/app.ts'
import type { Outgoing } from '../rpc/session.ts'
import type { Shape } from '../updates/feed.ts'
import { accessHashes, type HashedKind, referenceFor } from './hashes.ts'

type Hole =
  | { at: number; what: 'hash'; of: (viewer: number) => bigint }
  | { at: number; what: 'reference'; id: number | bigint }
  | { at: number; what: 'joined'; channel: number }

const REFERENCE = 21

/**
 * What is each viewer's own in something that is rendered once for many: while it is rendered random bytes stand there,
 * by which the places are found in what was written. Access hashes, file references, and when one came into a channel.
 */
export class Holes {
  readonly #app: App
  readonly #hashes = new Map<string, { mark: bigint; kind: HashedKind; id: number | bigint }>()
  readonly #references = new Map<string, { mark: Buffer; id: number | bigint }>()
  readonly #joined = new Map<number, number>()

  constructor(app: App) {
    this.#app = app
  }

  hash(kind: string, id: number | bigint): bigint {
    const name = `${kind}:${id}`
    let known = this.#hashes.get(name)
    if (!known) {
      const mark = this.#app.random(8).readBigInt64LE(0)
      this.#hashes.set(name, (known = { mark, kind: kind as HashedKind, id }))
    }
    return known.mark
  }

  reference(id: number | bigint): Uint8Array {
    let known = this.#references.get(String(id))
    if (!known) this.#references.set(String(id), (known = { mark: this.#app.random(REFERENCE), id }))
    return known.mark
  }

  joined(channel: number): number {
    let mark = this.#joined.get(channel)
    if (mark === undefined) this.#joined.set(channel, (mark = this.#app.random(4).readInt32LE(0)))
    return mark
  }

  /** The places in what was written; undefined where one cannot be told from other bytes. */
  find(bytes: Buffer): Hole[] | undefined {
    const holes: Hole[] = []
    for (const { mark, kind, id } of this.#hashes.values()) {
      const text = Buffer.alloc(8)
      text.writeBigInt64LE(mark)
      const found = places(bytes, text)
      if (found.length === 0) continue
      const of = accessHashes(this.#app, kind, id)
      for (const at of found) holes.push({ at, what: 'hash', of })
    }
    for (const { mark, id } of this.#references.values()) {
      for (const at of places(bytes, mark)) holes.push({ at, what: 'reference', id })
    }
    for (const [channel, mark] of this.#joined) {
      const text = Buffer.alloc(4)
      text.writeInt32LE(mark)
      const found = places(bytes, text)
      // Four bytes may stand there by chance, if one time in millions.
      if (found.length > 1) return undefined
      for (const at of found) holes.push({ at, what: 'joined', channel })
    }
    return holes
  }
}

function places(bytes: Buffer, mark: Buffer): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) found.push(at)
  return found
}

/** When an account came into a channel. */
export type Joined = (account: number, channel: number) => number

/** Something that was written once, and is sent to many, each with their own in its holes. */
export class Look implements Shape {
  readonly users: readonly number[]
  readonly #app: App
  readonly #bytes: Uint8Array
  readonly #holes: readonly Hole[]
  readonly #joined: Joined
  readonly #now: number

  constructor(
    app: App,
    written: { bytes: Uint8Array; holes: readonly Hole[] },
    users: readonly number[],
    joined: Joined,
  ) {
    this.#app = app
    this.#bytes = written.bytes
    this.#holes = written.holes
    this.users = users
    this.#joined = joined
    this.#now = Math.floor(app.clock.now() / 1000)
  }

  outgoing(account: number): Outgoing {
    return (w) => {
      const bytes = this.#bytes
      const start = w.take(bytes.length >> 2) << 2
      w.u8.set(bytes, start)
      for (const hole of this.#holes) {
        const at = start + hole.at
        if (hole.what === 'hash') w.view.setBigInt64(at, hole.of(account), true)
        else if (hole.what === 'joined') w.view.setInt32(at, this.#joined(account, hole.channel), true)
        else w.u8.set(referenceFor(this.#app, account, hole.id, this.#now), at)
      }
    }
  }
}
