import type { App } from '../rpc/app.ts'
import type { Tx } from '../rpc/context.ts'
import { nextId } from '../storage/index.ts'

/** 2025 in ms: 41 bits of them last until 2094. */
const SINCE = 1_735_689_600_000
let last = 0

/**
 * What the copies of one message have in common, and nothing else: reactions, edits and deletions are found by it.
 * Origins grow, which keeps the index of them short of pages to write: all that is new stands at its end.
 *
 * One process with SQLite makes them of the time in ms, and of 12 bits that grow with each message. Nodes that share a
 * PostgreSQL take them from a sequence of the database, many at a time: two that write in one millisecond would now and
 * then draw the same.
 */
export function newOrigin(tx: Tx): number | Promise<number> {
  const { app } = tx
  if (app.store.dialect === 'sqlite') return byTime(app)
  const held = heldBy(app)
  if (held.end - held.next < BLOCK / 2 && held.spare === undefined) void fetchBlock(app, held)
  if (held.next === held.end && held.spare !== undefined) {
    held.next = held.spare
    held.end = held.spare + BLOCK
    held.spare = undefined
  }
  // None is at hand: this one is taken in the message's own transaction.
  return held.next < held.end ? held.next++ : nextId(tx.trx, SEQUENCE)
}

function byTime(app: App): number {
  const now = (app.clock.now() - SINCE) * 4096
  last = now > last ? now + (app.random(2).readUInt16LE(0) & 2047) : last + 1
  return last
}

const SEQUENCE = 'origin'
/** Taken at once: what a node that dies leaves unused. */
const BLOCK = 4096

interface Held {
  next: number
  end: number
  /** Where the next block begins. */
  spare: number | undefined
  fetching: boolean
}

const blocks = new WeakMap<App, Held>()

function heldBy(app: App): Held {
  let held = blocks.get(app)
  if (!held) blocks.set(app, (held = { next: 0, end: 0, spare: undefined, fetching: false }))
  return held
}

/** Sees that the first messages find some at hand. */
export async function prepareOrigins(app: App): Promise<void> {
  if (app.store.dialect === 'postgres') await fetchBlock(app, heldBy(app))
}

async function fetchBlock(app: App, held: Held): Promise<void> {
  if (held.fetching) return
  held.fetching = true
  try {
    held.spare = await app.store.transact((trx) => nextId(trx, SEQUENCE, BLOCK))
  } catch (error) {
    app.log.warn({ err: error }, 'no numbers for messages')
  } finally {
    held.fetching = false
  }
}
