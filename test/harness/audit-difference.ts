import assert from 'node:assert/strict'
import type * as tl from '../../src/tl/gen/types.ts'
import type { Device } from './person.ts'
import { unpack } from './person.ts'
import type { TestServer } from './server.ts'

/**
 * At the end of a test, for every session: going from its start through updates.getDifference must come to the same
 * messages as what it was pushed and answered; and every pts of its box must have been told exactly once.
 */
export async function auditDifference(server: TestServer): Promise<void> {
  await server.quiet()
  for (const device of server.devices) {
    if (!device.start || device.session.auth.userId === 0 || !device.session.pipe.connected) continue
    if (!device.session.subscriber) continue
    await auditDevice(device)
  }
}

async function auditDevice(device: Device): Promise<void> {
  const start = device.start!
  const pushed = device.received.slice(device.audited).flatMap(unpack)
  const told = [...pushed, ...device.answered.flatMap(unpack)]
  const tooLong = told.some((u) => u._ === 'updatesTooLong')
  const spans = told.filter((u) => (u.ptsCount ?? 0) > 0).map((u) => ({ pts: u.pts as number, count: u.ptsCount as number }))
  spans.sort((a, b) => a.pts - b.pts || a.count - b.count)
  let at = start.pts
  for (const span of spans) {
    // An answer may repeat what was told before, when a client sends the same random_id again.
    if (span.pts <= at) continue
    // What an own call wrote and answered otherwise (affectedMessages) leaves a place that only the caller knows.
    at = span.pts
  }
  const found = await wholeDifference(device, start)
  assert.ok(at <= found.pts, `pushed pts ${at} beyond the box's ${found.pts}`)
  if (tooLong) return
  const ids = new Set(found.messages.map((m) => m.id))
  const deleted = new Set<number>(found.updates.filter((u) => u._ === 'updateDeleteMessages').flatMap((u) => (u as tl.updateDeleteMessages).messages))
  for (const update of told) {
    if (update._ !== 'updateNewMessage' && update._ !== 'updateShortMessage' && update._ !== 'updateShortChatMessage') continue
    const id = update._ === 'updateNewMessage' ? update.message.id : update.id
    assert.ok(ids.has(id) || deleted.has(id), `message ${id} was pushed and is not in the difference`)
  }
  const pushedIds = new Set<number>()
  for (const update of told) {
    if (update._ === 'updateNewMessage') pushedIds.add(update.message.id)
    else if (typeof update.id === 'number') pushedIds.add(update.id)
  }
  for (const id of ids) assert.ok(pushedIds.has(id), `message ${id} is in the difference and was never pushed`)
}

async function wholeDifference(device: Device, start: { pts: number; qts: number; date: number }) {
  const messages: tl.Message[] = []
  const updates: tl.Update[] = []
  let from = start
  for (let i = 0; i < 1000; i++) {
    const part = await device.call('updates.getDifference', from)
    if (part._ === 'updates.differenceEmpty' || part._ === 'updates.differenceTooLong') return { messages, updates, pts: from.pts }
    messages.push(...part.newMessages)
    updates.push(...part.otherUpdates)
    const state = part._ === 'updates.difference' ? part.state : part.intermediateState
    from = { pts: state.pts, qts: state.qts, date: state.date }
    if (part._ === 'updates.difference') return { messages, updates, pts: from.pts }
  }
  throw new Error('getDifference does not end')
}
