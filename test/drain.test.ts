// A node that is told to stop while its clients upload, download, write and wait: it says so first, answers what it has
// begun, and everything else is asked again at another node.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test as nodeTest } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeWorld } from '../bench/accounts.ts'
import { comeBack } from '../src/features/auth/test-temp-keys.ts'
import { HTTP_WAIT } from '../src/mtproto/ids.ts'
import { tl as written } from '../src/mtproto/test-bodies.ts'
import { ClientKey, MtClient, type Stream } from '../src/mtproto/test-client.ts'
import { DIALECTS } from '../src/storage/test-store.ts'
import type * as tl from '../src/tl/gen/types.ts'
import { writeObject } from '../src/tl/index.ts'
import { history, Reader, Roamer, Speaker } from './faults/load.ts'
import { test as harnessTest, startTestServer } from './harness/index.ts'

const here = DIALECTS.includes('postgres')
const test: typeof harnessTest = here ? harnessTest : (name) => void nodeTest.skip(name, () => {})
const PART = 64 * 1024
const PARTS = 40
const self = { _: 'inputPeerSelf' }

/** Uploads a file in parts, by several connections; `next` is asked before each part. */
async function upload(
  roamers: readonly Roamer[],
  content: Buffer,
  next: () => Promise<unknown>,
): Promise<tl.inputFile> {
  const fileId = randomBytes(8).readBigInt64LE()
  let part = 0
  const one = async (roamer: Roamer) => {
    while (part < PARTS) {
      const filePart = part++
      await next()
      const bytes = content.subarray(filePart * PART, (filePart + 1) * PART)
      assert.equal(await roamer.ask('upload.saveFilePart', { fileId, filePart, bytes }), true)
    }
  }
  await Promise.all(roamers.map(one))
  return { _: 'inputFile', id: fileId, parts: PARTS, name: 'a.bin', md5Checksum: '' }
}

async function send(roamer: Roamer, file: tl.inputFile): Promise<tl.inputDocumentFileLocation> {
  const media = { _: 'inputMediaUploadedDocument', file, mimeType: 'application/octet-stream', attributes: [] }
  const randomId = randomBytes(8).readBigInt64LE()
  const sent = (await roamer.ask('messages.sendMedia', { peer: self, media, message: '', randomId })) as tl.updates
  const update = sent.updates.find((one) => one._ === 'updateNewMessage') as tl.updateNewMessage
  const { document } = (update.message as tl.message).media as tl.messageMediaDocument
  const { id, accessHash, fileReference } = document as tl.document
  return { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' }
}

async function download(roamer: Roamer, location: object, offset: number): Promise<Uint8Array> {
  const part = { precise: false, location, offset, limit: PART }
  return ((await roamer.ask('upload.getFile', part)) as tl.upload_file).bytes
}

/** A long poll at a node. Gives how it ended. */
async function longPoll(httpPort: number, key: ClientKey, timeOffset: number): Promise<string> {
  let ended: Promise<string> | undefined
  const stream = {
    closed: false,
    send(frame: Uint8Array) {
      const answered = fetch(`http://127.0.0.1:${httpPort}/api`, { method: 'POST', body: Buffer.from(frame) })
      ended = answered.then(
        async (answer) => `${answer.status} ${(await answer.bytes()).length > 0 ? 'with' : 'without'} an answer`,
        (error) => `broken off: ${(error as Error).message}`,
      )
    },
  }
  const client = new MtClient(stream as unknown as Stream)
  client.key = key
  client.timeOffset = timeOffset
  client.sendMessage(
    written((w) => {
      w.int(HTTP_WAIT)
      w.int(0)
      w.int(0)
      w.int(25_000)
    }),
    { seqNo: 0 },
  )
  return ended!
}

test('a node that stops answers or hands on everything that its clients were at', async () => {
  await using server = await startTestServer({ nodes: 3, online: true, uncounted: true })
  // Clients make their numbers by their own clock.
  await server.clock.advance((Date.now() - server.clock.now()) / 1000)
  const [leaving, ...staying] = server.nodes as [typeof server.server, ...(typeof server.server)[]]
  let stopping = false
  const ports = () => (stopping ? staying : [leaving]).map((node) => node.address.port)
  const { accounts } = await makeWorld(leaving.address.port, leaving.keys.rsa, 2)
  const [sender, receiver] = [accounts[0]!, accounts[1]!]
  const roamers = (count: number) => Array.from({ length: count }, () => new Roamer(sender, ports))
  const all: Roamer[] = []
  const some = (count: number) => {
    const made = roamers(count)
    all.push(...made)
    return made
  }
  const content = randomBytes(PART * PARTS)
  const location = await send(some(1)[0]!, await upload(some(4), content, async () => {}))
  const speaker = new Speaker(some(1)[0]!, {
    _: 'inputPeerUser',
    userId: receiver.userId,
    accessHash: BigInt(receiver.hash!),
  })
  const reader = new Reader(new Roamer(receiver, ports))
  all.push(reader.roamer)
  await reader.catchUp()

  // Half of each is done when the node is told to stop; it answers a call that it has begun.
  let done = 0
  const half = Promise.withResolvers<void>()
  const begun = () => {
    if (++done === PARTS) half.resolve()
    return sleep(5)
  }
  const other = randomBytes(PART * PARTS)
  const uploading = upload(some(4), other, begun)
  let at = 0
  const downloading = Promise.all(
    some(4).map(async (roamer) => {
      while (at < PARTS * 2) {
        const offset = (at++ % PARTS) * PART
        await begun()
        assert.ok(content.subarray(offset, offset + PART).equals(await download(roamer, location, offset)))
      }
    }),
  )
  let live = true
  const speaking = speaker.speak(() => live)
  const reading = (async () => {
    while (live) {
      await reader.catchUp()
      await sleep(20)
    }
  })()
  const key = new ClientKey(Buffer.from(sender.key, 'hex'))
  const known = await comeBack(leaving, Object.assign(new MtClient({} as Stream), { key }))
  const polling = longPoll(leaving.httpPort!, key, 0)

  await half.promise
  const ready = async () => (await fetch(`http://127.0.0.1:${leaving.httpPort}/readyz`)).status
  assert.equal(await ready(), 200)
  // A call that takes its time: its answer waits for another node, which is told of a change by the bus.
  const { told } = leaving.app.nodes
  const slow = Promise.withResolvers<void>()
  leaving.app.nodes.told = () => slow.promise
  const method = (await leaving.app.methods.load('help.getNearestDc'))!
  const { run } = method
  const ran = Promise.withResolvers<void>()
  Object.assign(method, {
    run: (...call: Parameters<typeof run>) => Reflect.apply(run, method, call).finally(() => setImmediate(ran.resolve)),
  })
  const answered = known.invoke(writeObject({ _: 'help.getNearestDc' } as never))
  await ran.promise
  Object.assign(method, { run })
  leaving.app.nodes.told = told
  const stopped = leaving.stop()
  stopping = true
  assert.equal(await ready(), 503, 'it says that it goes before it is gone')
  await assert.rejects(MtClient.connect(leaving.address.port), 'nobody new comes in')
  slow.resolve()
  assert.ok((await answered).length > 0, 'what was begun is answered')
  assert.match(await polling, /^200/)
  await stopped

  const location2 = await send(some(1)[0]!, await uploading)
  await downloading
  await sleep(300)
  live = false
  await Promise.all([speaking, reading])
  await reader.catchUp()
  for (const [i, roamer] of some(2).entries()) {
    const bytes = await download(roamer, location2, i * PART)
    assert.ok(other.subarray(i * PART, (i + 1) * PART).equals(bytes))
  }
  const texts = await history(speaker.roamer, speaker.peer)
  assert.equal(new Set(texts).size, texts.length, 'a message is there twice')
  for (const { text, answered } of speaker.attempts) if (answered) assert.ok(texts.includes(text), `${text} is lost`)
  const read = [...reader.told].sort(([a], [b]) => a - b).map(([, text]) => text)
  assert.deepEqual(read, texts)
  for (const roamer of all) roamer.leave()
})
