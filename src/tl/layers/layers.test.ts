import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arbitrary, seeded } from '../arbitrary.ts'
import {
  LATEST_LAYER,
  type MethodName,
  MIN_LAYER,
  readObject,
  resultType,
  TlError,
  writeObject,
  writeResult,
} from '../index.ts'
import { RENAMES } from './renames.ts'
import { everyCombinator, LayerSchema, writeBySchema } from './schema-reader.ts'

const all = everyCombinator()
const newest = all.filter((c) => c.last === LATEST_LAYER)
const newestTypes = newest.filter((c) => c.kind === 'type')
const ofType = Map.groupBy(newestTypes, (c) => c.result)
const schemas = new Map<number, LayerSchema>()
for (let layer = MIN_LAYER; layer <= LATEST_LAYER; layer++) schemas.set(layer, new LayerSchema(layer))

// Nothing stands for these in an older layer, and nothing has to: what only clients send, and answers that only a
// client can ask for which knows them.
const ONLY_FROM_CLIENTS = /^input[A-Z]/
const ONLY_WHEN_ASKED = new Set([
  'account.chatThemes',
  'auth.sentCodePaymentRequired',
  'auth.sentCodeSuccess',
  'communityFull',
  'dialogCommunity',
  'payments.paymentFormStarGift',
  'payments.paymentFormStars',
  'payments.paymentReceiptStars',
])

/** Writes an object in a layer and has that layer read it; undefined if the layer has nothing to write for it. */
function through(layer: number, object: any, what: string): any {
  let bytes: Uint8Array
  try {
    bytes = writeObject(object, layer)
  } catch (e) {
    assert.ok(e instanceof TlError)
    const name = /^(\S+) is unknown to /.exec((e.cause as Error).message)?.[1]
    if (name === object._ || (name && (ONLY_FROM_CLIENTS.test(name) || ONLY_WHEN_ASKED.has(name)))) return undefined
    throw new Error(`${what}: ${e.message}`)
  }
  try {
    return schemas.get(layer)!.read(bytes)
  } catch (e) {
    throw new Error(`${what}, read back: ${(e as Error).message}`)
  }
}

test('every constructor, written in every layer, is understood by that layer', () => {
  const full = new Arbitrary(newest, seeded(1), 1)
  const some = new Arbitrary(newest, seeded(2), 0.4)
  const objects = newestTypes.flatMap((c) => [
    [c, full.object(c.name)],
    [c, some.object(c.name)],
  ])
  for (const [layer, schema] of schemas) {
    const types = new Set([...schema.byId.values()].map((c) => c.result))
    for (const [c, o] of objects) if (types.has(c.result)) through(layer, o, `${c.name} at ${layer}`)
  }
})

test('every constructor, wherever another holds it, is understood by every layer that knows the other', () => {
  const make = new Arbitrary(newest, seeded(3), 1)
  const bare = new Arbitrary(newest, seeded(3), 0)
  const objects: [string, string, any][] = []
  for (const c of newestTypes)
    for (const a of c.args)
      for (const inner of ofType.get(a.type) ?? []) {
        const object = (a.flag ? make : bare).object(c.name, 1)
        const one = bare.object(inner.name, 1)
        object[a.key] = a.vector ? [one] : one
        objects.push([c.name, `${c.name}.${a.key} = ${inner.name}`, object])
      }
  for (const [layer, schema] of schemas)
    for (const [name, what, o] of objects) if (schema.byName.has(name)) through(layer, o, `${what} at ${layer}`)
})

test('nothing is lost on the way to the newest layer and back', () => {
  const make = new Arbitrary(newest, seeded(4), 0.7)
  for (const c of newest)
    for (let i = 0; i < 5; i++) {
      const o = make.object(c.name)
      assert.deepEqual(readObject(writeObject(o)), o)
      assert.deepEqual(schemas.get(LATEST_LAYER)!.read(writeObject(o)), o)
    }
})

test('what the newest layer does not change, an older layer reads as it was', () => {
  const make = new Arbitrary(newest, seeded(5), 1)
  for (const layer of [150, 177, 198, 214, 223]) {
    const schema = schemas.get(layer)!
    const known = [...schema.byName.values()].filter((c) => c.kind === 'type' && c.last === LATEST_LAYER)
    for (const c of known) {
      // Down to depth 1 an object holds only the smallest ones of other types, which are the same everywhere.
      const o = make.object(c.name, 0)
      const back = through(layer, o, c.name)
      if (back !== undefined && JSON.stringify(plain(o)) !== JSON.stringify(plain(back)))
        assert.ok(holdsOlder(back, schema), `${c.name} at ${layer}`)
    }
  }
})

const plain = (o: any) => JSON.parse(JSON.stringify(o, (_, v) => (typeof v === 'bigint' ? v.toString() : v)))
function holdsOlder(o: any, schema: LayerSchema): boolean {
  if (Array.isArray(o)) return o.some((x) => holdsOlder(x, schema))
  if (o === null || typeof o !== 'object' || o instanceof Uint8Array) return false
  return schema.byName.get(o._)!.last < LATEST_LAYER || Object.values(o).some((x) => holdsOlder(x, schema))
}

test('answers, written in every layer, are of the type that layer expects', () => {
  const make = new Arbitrary(newest, seeded(6), 0.5)
  const heirs = Map.groupBy(Object.entries(RENAMES), ([, heir]) => heir)
  let lowered = 0
  for (const c of newest) {
    if (c.kind !== 'method' || c.result === 'X') continue
    const m = /^Vector<(.*)>$/.exec(c.result)
    const arg = {
      name: '',
      key: '',
      type: m?.[1] ?? c.result,
      vector: m ? ('Vector' as const) : undefined,
      flag: undefined,
    }
    const values = [1, 2, 3].map(() => make.value(arg, 3))
    for (const [layer, schema] of schemas) {
      const name = [c.name, ...(heirs.get(c.name) ?? []).map(([old]) => old)].find((n) => schema.byName.has(n))
      if (name === undefined) continue
      const expected = schema.byName.get(name)!.result
      assert.equal(resultType(c.name, layer), expected, `${c.name} at ${layer}`)
      if (expected !== c.result) lowered++
      for (const value of values) {
        let bytes: Uint8Array
        try {
          bytes = writeResult(c.name as MethodName, value as never, layer)
        } catch (e) {
          const why = ((e as Error).cause as Error).message
          const missing = /^(\S+) is unknown to /.exec(why)?.[1]
          const allowed =
            missing && (ONLY_FROM_CLIENTS.test(missing) || ONLY_WHEN_ASKED.has(missing) || missing === value?._)
          if (allowed || / before 202$/.test(why)) continue
          throw new Error(`${c.name} at ${layer}: ${(e as Error).message}`)
        }
        schema.readResult(expected, bytes)
      }
    }
  }
  assert.ok(lowered > 500)
})

test('every older constructor and method is read into a shape the newest layer writes', () => {
  // Answers and updates of the past: they were never asked for again, and no client sends them.
  const GONE =
    /^(error|appWebViewResultUrl|booster|broadcastRevenue.*|channelAdminLogEventActionChange(BackgroundEmoji|Color)|payments.userStarGifts|premiumGiftOption|simpleWebViewResultUrl|sponsoredWebPage|stats.(broadcast|getBroadcast)Revenue.*|stories.(booster|boosts|canApply).*|updateBotSubscriptionExpire|updateBroadcastRevenueTransactions|updateGroupInvitePrivacyForbidden|updateUserPhoto|userStarGift|folders.deleteFolder|help.getAppChangelog|messages.getAllChats)$/
  const known = new Set(newest.map((c) => c.name))
  const makers = new Map<number, Arbitrary>()
  let n = 0
  for (const c of all) {
    if (c.last === LATEST_LAYER || c.last < MIN_LAYER || /^(boolTrue|boolFalse|null|true)$/.test(c.name)) continue
    const schema = schemas.get(c.last)!
    const make = makers.get(c.last) ?? new Arbitrary([...schema.byName.values()], seeded(c.last), 0.6)
    makers.set(c.last, make)
    for (let i = 0; i < 6; i++) {
      const o = make.object(c.name)
      const read = readObject(writeBySchema(c, o, (name) => schema.byName.get(name)!))
      n++
      if (!known.has(read._)) {
        assert.match(read._, GONE)
        continue
      }
      try {
        schemas.get(LATEST_LAYER)!.read(writeObject(read))
      } catch (e) {
        // Any button could stand in any keyboard; now those of messages have a type of their own, and a button in the
        // wrong place stays one, for the handler to refuse.
        if (!/ is no (Inline)?ButtonType$/.test((e as Error).message))
          throw new Error(`${c.name}: ${(e as Error).message}`)
      }
    }
  }
  assert.ok(n > 4000)
})
