import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { complete } from '../../src/domain/complete.ts'
import { ChannelSharing } from '../../src/domain/sharing.ts'
import type { App } from '../../src/rpc/app.ts'
import { Context } from '../../src/rpc/context.ts'
import { LATEST_LAYER, newWriter, readObject, writeInto } from '../../src/tl/index.ts'
import { type Logged, renderFacts } from '../../src/updates/facts.ts'
import type { Shape, Shared, Sharing } from '../../src/updates/feed.ts'
import type { Subscriber } from '../../src/updates/hub.ts'

/** Something else may change between the two renderings, on PostgreSQL: then both are made again, a little later. */
const TRIES = 10
const LATER_MS = 10

/**
 * Holds every push that is written once for many against what each of the many would have been sent by themselves, byte
 * by byte, in every test.
 */
export class AuditedSharing implements Sharing {
  /** Pushes that were compared. */
  compared = 0
  readonly #app: App
  readonly #sharing: ChannelSharing
  readonly #failed: (error: Error) => void

  constructor(app: App, failed: (error: Error) => void) {
    this.#app = app
    this.#sharing = new ChannelSharing(app)
    this.#failed = failed
  }

  read(owner: number, pos: number): Promise<Logged[] | undefined> {
    return this.#sharing.read(owner, pos)
  }

  failed(owner: number, error: unknown): void {
    this.#sharing.failed(owner, error)
    this.#failed(error as Error)
  }

  async share(owner: number, readers: ReadonlySet<Subscriber>, facts: readonly Logged[]): Promise<Shared | undefined> {
    for (let i = 1; ; i++) {
      const shared = await this.#sharing.share(owner, readers, facts)
      if (!shared) return undefined
      const told = facts.filter((fact) => fact.pos <= shared.to)
      try {
        for (const reader of readers) {
          const shape = shared.for(reader)
          if (shape) await this.#compare(reader, shape, told)
        }
        return shared
      } catch (error) {
        if (i < TRIES) {
          await sleep(i * LATER_MS)
          continue
        }
        this.#failed(error as Error)
        return shared
      }
    }
  }

  async #compare(reader: Subscriber, shape: Shape, facts: readonly Logged[]): Promise<void> {
    const layer = reader.layer || LATEST_LAYER
    const ctx = new Context(this.#app, reader.account)
    const updates = (await renderFacts(ctx, facts)).filter((u) => u !== undefined)
    const { date } = facts.at(-1)!
    const own = await complete(ctx, { _: 'updates' as const, updates, users: [], chats: [], date, seq: 0 })
    const alone = newWriter(1024)
    writeInto(alone, own, layer)
    const together = newWriter(1024)
    shape.outgoing(reader.account)(together)
    this.compared++
    if (Buffer.compare(alone.copy(), together.copy()) === 0) return
    const shown = `what many are sent at once looks otherwise to account ${reader.account}`
    assert.deepEqual(readObject(together.copy()), readObject(alone.copy()), shown)
    assert.fail(shown)
  }
}
