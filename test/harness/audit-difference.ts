import assert from 'node:assert/strict'
import { accessHash } from '../../src/domain/hashes.ts'
import { Context } from '../../src/rpc/context.ts'
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
  const everything = [...pushed, ...device.answered.flatMap(unpack)]
  // A channel counts for itself.
  await auditChannels(device, everything)
  const told = everything.filter((u) => channelOf(u) === undefined)
  const tooLong = told.some((u) => u._ === 'updatesTooLong')
  const spans = told
    .filter((u) => (u.ptsCount ?? 0) > 0)
    .map((u) => ({ pts: u.pts as number, count: u.ptsCount as number }))
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
  const deleted = new Set<number>(
    found.updates.filter((u) => u._ === 'updateDeleteMessages').flatMap((u) => (u as tl.updateDeleteMessages).messages),
  )
  for (const update of told) {
    if (update._ !== 'updateNewMessage' && update._ !== 'updateShortMessage' && update._ !== 'updateShortChatMessage')
      continue
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
    if (part._ === 'updates.differenceEmpty' || part._ === 'updates.differenceTooLong')
      return { messages, updates, pts: from.pts }
    messages.push(...part.newMessages)
    updates.push(...part.otherUpdates)
    const state = part._ === 'updates.difference' ? part.state : part.intermediateState
    from = { pts: state.pts, qts: state.qts, date: state.date }
    if (part._ === 'updates.difference') return { messages, updates, pts: from.pts }
  }
  throw new Error('getDifference does not end')
}

/** The channel in whose pts an update counts. */
function channelOf(update: any): number | undefined {
  const { _: kind } = update
  if (kind === 'updateNewChannelMessage' || kind === 'updateEditChannelMessage') return update.message.peerId.channelId
  return typeof update.channelId === 'number' ? update.channelId : undefined
}

/**
 * The same for every channel of which the session was told: from the first that it was told on, the channel's own
 * difference must come to the same messages. Who was out of it in between lacks what was said meanwhile.
 */
async function auditChannels(device: Device, told: readonly any[]): Promise<void> {
  const counted = Map.groupBy(
    told.filter((u) => channelOf(u) !== undefined && u.ptsCount !== undefined),
    (u) => channelOf(u)!,
  )
  for (const [channelId, updates] of counted) {
    const from = Math.min(...updates.map((u) => u.pts - u.ptsCount))
    const found = await channelDifference(device, channelId, Math.max(from, 1))
    if (!found) continue
    const ids = new Set(found.messages.map((m) => m.id))
    const deleted = new Set(found.updates.flatMap((u) => (u._ === 'updateDeleteChannelMessages' ? u.messages : [])))
    const pushed = new Set<number>()
    for (const update of updates) if (update._ === 'updateNewChannelMessage') pushed.add(update.message.id)
    for (const id of pushed) {
      assert.ok(ids.has(id) || deleted.has(id), `message ${id} of a channel was pushed and is not in its difference`)
    }
    if (wasOut(device, channelId)) continue
    for (const id of ids) assert.ok(pushed.has(id), `message ${id} is in a channel's difference and was never pushed`)
    const last = Math.max(...updates.map((u) => u.pts))
    assert.ok(last <= found.pts, `pushed pts ${last} of a channel beyond its ${found.pts}`)
  }
}

function wasOut(device: Device, channelId: number): boolean {
  const containers = [...device.received, ...device.answered]
  return containers.some((c) =>
    ((c as tl.updates).chats ?? []).some(
      (chat) => chat.id === channelId && (chat._ === 'channelForbidden' || (chat._ === 'channel' && chat.left)),
    ),
  )
}

/** undefined for who may not look into the channel any more. */
async function channelDifference(device: Device, channelId: number, from: number) {
  const viewer = new Context(device.server.app, device.session.auth.userId)
  const channel = { _: 'inputChannel' as const, channelId, accessHash: accessHash(viewer, 'channel', channelId) }
  const messages: tl.Message[] = []
  const updates: tl.Update[] = []
  const filter = { _: 'channelMessagesFilterEmpty' as const }
  for (let pts = from, i = 0; i < 1000; i++) {
    const call = device.call('updates.getChannelDifference', { channel, filter, pts, limit: 100 })
    const part = await call.catch((error) => {
      if (error.type !== 'CHANNEL_PRIVATE') throw error
    })
    if (!part || part._ === 'updates.channelDifferenceTooLong') return undefined
    if (part._ === 'updates.channelDifferenceEmpty') return { messages, updates, pts: part.pts }
    messages.push(...part.newMessages)
    updates.push(...part.otherUpdates)
    pts = part.pts
    if (part.final) return { messages, updates, pts }
  }
  throw new Error('getChannelDifference does not end')
}
