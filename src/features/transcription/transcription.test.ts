import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { upload } from '../../../test/harness/files.ts'
import { type Device, type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { accessHash as hashOf } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

interface Asked {
  file: { name: string; type: string; bytes: Buffer }
  format: string
}

/** A whisper.cpp server that answers when it is let. */
async function whisper() {
  const asked: Asked[] = []
  const answers: { status: number; body: object }[] = []
  const waiting: (() => void)[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const headers = { 'content-type': request.headers['content-type']! }
    const form = await new Response(Buffer.concat(parts), { headers }).formData()
    const file = form.get('file') as File
    const bytes = Buffer.from(await file.arrayBuffer())
    asked.push({ file: { name: file.name, type: file.type, bytes }, format: form.get('response_format') as string })
    if (answers.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    const { status, body } = request.url === '/inference' ? answers.shift()! : { status: 404, body: {} }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(body: object, status = 200) {
      answers.push({ status, body })
      waiting.shift()?.()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Sends a voice message; gives its number for each side. */
async function voice(from: Person, to: Person, bytes: Buffer): Promise<{ mine: number; theirs: number }> {
  const file = await upload(from, bytes, { name: 'voice.ogg' })
  const updates = (await from.call('messages.sendMedia', {
    peer: from.peerOf(to),
    message: '',
    randomId: randomBytes(8).readBigInt64LE(),
    media: {
      _: 'inputMediaUploadedDocument',
      file,
      mimeType: 'audio/ogg',
      attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 3 }],
    },
  })) as tl.updates
  const { id } = updates.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID
  const [got] = await to.updatesOf('updateNewMessage')
  return { mine: id, theirs: got!.message.id }
}

/** The update that tells of a transcription, once it comes. */
async function told(who: Person | Device): Promise<tl.updateTranscribedAudio> {
  for (let i = 0; i < 1000; i++) {
    const [update] = (await who.updatesOf('updateTranscribedAudio')) as tl.updateTranscribedAudio[]
    if (update) return update
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('nobody was told')
}

const ogg = () => Buffer.concat([Buffer.from('OggS'), randomBytes(3000)])

test('a voice message is written down once, for everybody who asks', async () => {
  await using speech = await whisper()
  await using server = await startTestServer({ settings: { transcribeUrl: speech.url } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await bob.device()
  const bytes = ogg()
  const { mine, theirs } = await voice(alice, bob, bytes)
  const asked = { peer: bob.peerOf(alice), msgId: theirs }
  const first = await bob.call('messages.transcribeAudio', asked)
  assert.deepEqual([first.pending, first.text, first.trialRemainsNum], [true, '', undefined])
  const hers = await alice.call('messages.transcribeAudio', { peer: alice.peerOf(bob), msgId: mine })
  assert.equal(hers.pending, true)
  speech.answer({ text: ' Hello, Bob.\n' })
  const update = await told(bob)
  assert.deepEqual(update, {
    _: 'updateTranscribedAudio',
    peer: alice.peerId,
    msgId: theirs,
    transcriptionId: first.transcriptionId,
    text: 'Hello, Bob.',
  })
  assert.deepEqual(await told(phone), update)
  assert.equal((await told(alice)).transcriptionId, hers.transcriptionId)
  const again = await bob.call('messages.transcribeAudio', asked)
  assert.deepEqual(
    [again.pending, again.text, again.transcriptionId],
    [undefined, 'Hello, Bob.', first.transcriptionId],
  )
  assert.equal(speech.asked.length, 1)
  const [{ file, format }] = speech.asked as [Asked]
  assert.deepEqual([file.name, file.type, format], ['message.ogg', 'audio/ogg', 'json'])
  assert.deepEqual(file.bytes, bytes)

  const rate = { ...asked, transcriptionId: first.transcriptionId, good: true }
  assert.equal(await bob.call('messages.rateTranscribedAudio', rate), true)
  await bob.fails('MSG_ID_INVALID', 'messages.rateTranscribedAudio', { ...rate, transcriptionId: hers.transcriptionId })
  const { rows } = {
    rows: await server.app.store.db.selectFrom('transcription_use').select(['owner', 'rating']).execute(),
  }
  assert.deepEqual(
    new Map(rows.map((r) => [r.owner, r.rating])),
    new Map([
      [alice.id, null],
      [bob.id, 1],
    ]),
  )
})

test('one that failed is told of without a text, and can be asked for again', async () => {
  await using speech = await whisper()
  await using server = await startTestServer({ settings: { transcribeUrl: `${speech.url}/inference` } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { theirs } = await voice(alice, bob, ogg())
  const asked = { peer: bob.peerOf(alice), msgId: theirs }
  speech.answer({ error: 'failed to read' }, 400)
  await bob.call('messages.transcribeAudio', asked)
  assert.equal((await told(bob)).text, '')
  speech.answer({ text: 'at last' })
  assert.equal((await bob.call('messages.transcribeAudio', asked)).pending, true)
  assert.equal((await told(bob)).text, 'at last')
})

test('work that nobody finished is begun again', async () => {
  await using speech = await whisper()
  await using server = await startTestServer({ settings: { transcribeUrl: speech.url } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const { theirs } = await voice(alice, bob, ogg())
  const asked = { peer: bob.peerOf(alice), msgId: theirs }
  speech.answer({ text: 'once' })
  await bob.call('messages.transcribeAudio', asked)
  await told(bob)
  // As a server leaves it that was killed meanwhile.
  const { id: document } = await server.app.store.db.selectFrom('document').select('id').executeTakeFirstOrThrow()
  await server.app.store.transact(async (trx) => {
    await trx.updateTable('transcription').set({ state: 0, text: '' }).execute()
    const data = Buffer.from(JSON.stringify({ document, tries: 1 }))
    const row = {
      id: `transcribe:${document}`,
      kind: 'transcribe',
      owner: 0,
      due_at: 0,
      data,
      lease_until: 0,
      attempts: 0,
    }
    await trx
      .insertInto('job')
      .values(row)
      .onConflict((c) => c.column('id').doUpdateSet(row))
      .execute()
  })
  speech.answer({ text: 'twice' })
  await server.clock.advance(1)
  assert.equal((await told(bob)).text, 'twice')
})

test('what is not spoken, no transcriber, and the trial of those without Premium', async () => {
  await using speech = await whisper()
  await using server = await startTestServer({
    settings: { transcribeUrl: speech.url, limits: { transcriptionTrials: 1 } },
  })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = bob.peerOf(alice)
  const msgId = await bob.say(alice, 'written')
  await bob.fails('MSG_VOICE_MISSING', 'messages.transcribeAudio', { peer, msgId })
  await bob.fails('MSG_ID_INVALID', 'messages.transcribeAudio', { peer, msgId: msgId + 50 })
  const one = await voice(alice, bob, ogg())
  const two = await voice(alice, bob, ogg())
  speech.answer({ text: 'one' })
  const first = await bob.call('messages.transcribeAudio', { peer, msgId: one.theirs })
  assert.deepEqual([first.trialRemainsNum, first.trialRemainsUntilDate! > 0], [0, true])
  await told(bob)
  await bob.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.transcribeAudio', { peer, msgId: two.theirs })
  assert.equal((await bob.call('messages.transcribeAudio', { peer, msgId: one.theirs })).text, 'one')
  await server.clock.advance(8 * 86_400)
  speech.answer({ text: 'two' })
  await bob.call('messages.transcribeAudio', { peer, msgId: two.theirs })
  assert.equal((await told(bob)).text, 'two')

  await using bare = await startTestServer({ undocumented: ['messages.transcribeAudio TRANSCRIPTION_FAILED'] })
  const [carol, dave] = await bare.people('Carol', 'Dave')
  const said = await voice(carol, dave, ogg())
  const asked = { peer: dave.peerOf(carol), msgId: said.theirs }
  await dave.fails('TRANSCRIPTION_FAILED', 'messages.transcribeAudio', asked)
})

test('in a group that was boosted far enough everybody may, and uses nothing up', async () => {
  await using speech = await whisper()
  await using server = await startTestServer({
    settings: { transcribeUrl: speech.url, limits: { transcriptionTrials: 1, boostSlots: 6 } },
  })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const made = (await alice.call('channels.createChannel', { megagroup: true, title: 'G', about: '' })) as tl.updates
  const { id: channelId } = made.chats[0]!
  const accessHash = (who: Person) => hashOf(new Context(server.app, who.id), 'channel', channelId)
  const channel = { _: 'inputChannel' as const, channelId, accessHash: accessHash(alice) }
  await alice.call('channels.inviteToChannel', { channel, users: [alice.userOf(bob)] })
  const peer = { _: 'inputPeerChannel' as const, channelId, accessHash: accessHash(bob) }
  const speak = async () => {
    const file = await upload(alice, ogg(), { name: 'voice.ogg' })
    const media: tl.InputMedia = {
      _: 'inputMediaUploadedDocument',
      file,
      mimeType: 'audio/ogg',
      attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 3 }],
    }
    const to = { ...peer, accessHash: accessHash(alice) }
    const randomId = randomBytes(8).readBigInt64LE()
    const sent = (await alice.call('messages.sendMedia', { peer: to, message: '', randomId, media })) as tl.updates
    return (sent.updates.find((u) => u._ === 'updateMessageID') as tl.updateMessageID).id
  }
  const [one, two] = [await speak(), await speak()]
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', alice.id).execute(),
  )
  const own = { ...peer, accessHash: accessHash(alice) }
  await alice.call('premium.applyBoost', { peer: own, slots: [1, 2, 3, 4, 5, 6] })
  for (const msgId of [one, two]) {
    speech.answer({ text: `${msgId}` })
    assert.equal((await bob.call('messages.transcribeAudio', { peer, msgId })).trialRemainsNum, undefined)
    await told(bob)
  }
  const there = await voice(alice, bob, ogg())
  speech.answer({ text: 'trial' })
  const trial = await bob.call('messages.transcribeAudio', { peer: bob.peerOf(alice), msgId: there.theirs })
  assert.equal(trial.trialRemainsNum, 0)
  await told(bob)
})
