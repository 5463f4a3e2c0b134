import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { documentLocation, download } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

test('an effect comes with a message in a private chat, and its pictures can be loaded', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const all = (await alice.call('messages.getAvailableEffects', { hash: 0 })) as tl.messages_availableEffects
  const fire = all.effects.find((effect) => effect.emoticon === '🔥')!
  const ids = new Set(all.documents.map((document) => document.id))
  for (const effect of all.effects) assert.ok(ids.has(effect.effectStickerId) && ids.has(effect.effectAnimationId!))
  const drawn = all.documents.find((document) => document.id === fire.effectAnimationId) as tl.document
  assert.equal(drawn.mimeType, 'application/x-tgsticker')
  const bytes = await download(alice, documentLocation(drawn))
  assert.equal(JSON.parse(gunzipSync(bytes).toString()).layers.length, 1)
  const same = await alice.call('messages.getAvailableEffects', { hash: all.hash })
  assert.equal(same._, 'messages.availableEffectsNotModified')
  // Another's client names the same documents by hashes of its own.
  const others = (await bob.call('messages.getAvailableEffects', { hash: 0 })) as tl.messages_availableEffects
  assert.deepEqual(others.effects, all.effects)

  const peer = alice.peerOf(bob)
  await alice.call('messages.sendMessage', { peer, message: 'hot', randomId: 1n, effect: fire.id })
  const [update] = await bob.updatesOf('updateNewMessage')
  assert.equal((update!.message as tl.message).effect, fire.id)
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n }
  const read = (await bob.call('messages.getHistory', { peer: bob.peerOf(alice), ...none })) as tl.messages_messages
  assert.equal((read.messages[0] as tl.message).effect, fire.id)
})

test('effects that there are not, or not there, are refused', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const all = (await alice.call('messages.getAvailableEffects', { hash: 0 })) as tl.messages_availableEffects
  const effect = all.effects[0]!.id
  const send = { message: 'x', randomId: 1n }
  const peer = alice.peerOf(bob)
  await alice.fails('EFFECT_ID_INVALID', 'messages.sendMessage', { ...send, peer, effect: effect + 1n })
  const made = (await alice.call('messages.createChat', { title: 'Group', users: [alice.userOf(bob)] }))
    .updates as tl.updates
  const group: tl.InputPeer = { _: 'inputPeerChat', chatId: made.chats[0]!.id }
  await alice.fails('EFFECT_CHAT_INVALID', 'messages.sendMessage', { ...send, peer: group, effect })
  await bob.updates()
  await alice.call('messages.sendMessage', { ...send, peer })
  const [plain] = await bob.texts()
  assert.equal(plain, 'x')
})
