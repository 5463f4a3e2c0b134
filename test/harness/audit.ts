import assert from 'node:assert/strict'
import type { Answer } from '../../src/rpc/dispatch.ts'
import { isGeneralError } from '../../src/rpc/errors.ts'
import type * as tl from '../../src/tl/gen/types.ts'
import {
  collectPeers,
  errorPattern,
  LATEST_LAYER,
  MIN_LAYER,
  methodInfo,
  methodInLayer,
  readResult,
  writeResult,
} from '../../src/tl/index.ts'

/** Layers every answer is written in: the oldest, those of the wire tests, the newest, and one more each time. */
const LAYERS = [MIN_LAYER, 158, 198, 223, LATEST_LAYER]
let turn = MIN_LAYER

/** Answers that handlers give only to clients who know them, since nothing older says the same: name to first layer. */
const SINCE: Record<string, number> = { 'auth.sentCodeSuccess': 152, communityFull: 228 }

/** Errors that are documented on pages other than the method's own. */
const ELSEWHERE = new Set([
  'FLOOD_WAIT_%d',
  'FILE_REFERENCE_EXPIRED',
  'FILE_REFERENCE_INVALID',
  'FILE_REFERENCE_EMPTY',
  // https://core.telegram.org/api/files#uploading-files: whatever saves parts, or uses a file made of them
  'FILE_PARTS_INVALID',
  'FILE_PART_INVALID',
  'FILE_PART_EMPTY',
  'FILE_PART_TOO_BIG',
  'FILE_PART_SIZE_INVALID',
  'FILE_PART_SIZE_CHANGED',
  'FILE_PART_%d_MISSING',
  'FILE_PART_0_MISSING',
  'MD5_CHECKSUM_INVALID',
  // https://core.telegram.org/method/stickers.createStickerSet: whatever else takes stickers, or the name of a set
  'PACK_TITLE_INVALID',
  'STICKERS_TOO_MUCH',
  'STICKER_EMOJI_INVALID',
  'STICKER_FILE_INVALID',
  'STICKER_GIF_DIMENSIONS',
  'STICKER_PNG_DIMENSIONS',
  'STICKER_PNG_NOPNG',
  'STICKER_TGS_NOTGS',
  'STICKER_VIDEO_BIG',
  'STICKER_VIDEO_NOWEBM',
  // https://core.telegram.org/method/messages.getStickerSet: whatever else takes an InputStickerSet
  'STICKERSET_INVALID',
])

/** What must hold for every answer, whatever the test is about. Throws an AssertionError that names the method. */
export function auditAnswer(answer: Answer): void {
  if (answer.error) auditError(answer.method, answer.error)
  else auditResult(answer.method as keyof tl.Methods, answer.result)
}

function auditError(method: string, error: { code: number; message: string }): void {
  assert.notEqual(error.message, 'INTERNAL', `${method} failed`)
  if (isGeneralError(errorPattern(error.message)) || ELSEWHERE.has(errorPattern(error.message))) return
  const documented = methodInfo(method)?.errors ?? new Set()
  // Methods too new to have a list of errors of their own.
  if (documented.size === 0) return
  assert.ok(documented.has(errorPattern(error.message)), `${error.message} is not documented for ${method}`)
}

function auditResult(method: keyof tl.Methods, result: unknown): void {
  turn = turn >= LATEST_LAYER ? MIN_LAYER : turn + 1
  const { _: name, fullChat } = (result ?? {}) as { _?: string; fullChat?: tl.ChatFull }
  const since = SINCE[fullChat?._ ?? name ?? ''] ?? MIN_LAYER
  for (const layer of new Set([...LAYERS, turn])) {
    if (layer < since) continue
    if (!methodInLayer(method, layer)) continue
    const bytes = writeResult(method, result as never, layer)
    const back = readResult(method, bytes, layer)
    if (layer === LATEST_LAYER) assert.deepEqual(plain(back), plain(result), `${method} does not survive the codec`)
  }
  auditPeers(method, result)
}

/** Everything that an answer or a push mentions must be among its users and chats, where it has such lists. */
export function auditPeers(what: string, value: any): void {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value.users) || value._ === undefined || !('users' in value) || !hasPeerObjects(value)) return
  const mentioned = collectPeers(value)
  const users = new Set(value.users.map((u: tl.User) => u.id))
  const chats = new Set((value.chats ?? []).map((c: tl.Chat) => c.id))
  for (const id of mentioned.users) assert.ok(users.has(id), `${what} mentions user ${id} and does not give it`)
  if (!Array.isArray(value.chats)) return
  for (const id of [...mentioned.chats, ...mentioned.channels]) {
    assert.ok(chats.has(id), `${what} mentions chat ${id} and does not give it`)
  }
}

/** `users` is also the name of lists of ids. */
function hasPeerObjects(value: any): boolean {
  return value.users.every((u: unknown) => typeof u === 'object')
}

/** An object without its absent fields, and with all bytes alike, so that two can be compared. */
export function plain(value: any): any {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    // A flag that is false is as absent as one that is not there.
    if (value[key] === undefined) continue
    out[key] = plain(value[key])
  }
  return out
}
