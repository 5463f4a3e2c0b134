import assert from 'node:assert/strict'
import { picture, upload, uploadPhoto } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { atRest } from '../../domain/message-view.ts'
import { type SendAction, sendAction } from '../../domain/rights.ts'
import type * as tl from '../../tl/gen/types.ts'
import { history, makeGroup } from './test-group.ts'

const document = (...attributes: tl.DocumentAttribute[]): tl.MessageMedia => ({
  _: 'messageMediaDocument',
  document: { _: 'document', attributes } as unknown as tl.document,
})
const audio = (voice?: boolean): tl.DocumentAttribute => ({ _: 'documentAttributeAudio', voice, duration: 1 })
const video = (roundMessage?: boolean): tl.DocumentAttribute => ({
  _: 'documentAttributeVideo',
  roundMessage,
  duration: 1,
  w: 1,
  h: 1,
})
const geo: tl.GeoPoint = { _: 'geoPoint', lat: 1, long: 1, accessHash: 0n }

const ACTIONS: [tl.MessageMedia | undefined, SendAction][] = [
  [undefined, 'sendPlain'],
  [{ _: 'messageMediaGeo', geo }, 'sendPlain'],
  [{ _: 'messageMediaContact', phoneNumber: '1', firstName: 'A', lastName: '', vcard: '', userId: 0 }, 'sendPlain'],
  [{ _: 'messageMediaPhoto' }, 'sendPhotos'],
  [{ _: 'messageMediaDice', emoticon: '🎲', value: 1 }, 'sendStickers'],
  [document(), 'sendDocs'],
  [document(audio()), 'sendAudios'],
  [document(audio(true)), 'sendVoices'],
  [document(video()), 'sendVideos'],
  [document(video(true)), 'sendRoundvideos'],
  [document(video(), { _: 'documentAttributeAnimated' }), 'sendGifs'],
  [document({ _: 'documentAttributeSticker', alt: '', stickerset: { _: 'inputStickerSetEmpty' } }), 'sendStickers'],
]

test('which right a message needs', async () => {
  for (const [media, action] of ACTIONS) assert.equal(sendAction(media), action)
})

const REFUSALS: [
  banned: Partial<tl.chatBannedRights>,
  what: 'text' | 'photo' | 'voice' | 'dice',
  error: string | undefined,
][] = [
  [{}, 'text', undefined],
  [{ sendPlain: true }, 'text', 'CHAT_SEND_PLAIN_FORBIDDEN'],
  [{ sendPlain: true }, 'photo', undefined],
  [{ sendPhotos: true }, 'photo', 'CHAT_SEND_PHOTOS_FORBIDDEN'],
  [{ sendPhotos: true }, 'text', undefined],
  [{ sendVoices: true }, 'voice', 'CHAT_SEND_VOICES_FORBIDDEN'],
  [{ sendStickers: true }, 'dice', 'CHAT_SEND_STICKERS_FORBIDDEN'],
  [{ sendMedia: true }, 'photo', 'CHAT_SEND_MEDIA_FORBIDDEN'],
  [{ sendMedia: true }, 'text', undefined],
  [{ sendMessages: true }, 'text', 'CHAT_WRITE_FORBIDDEN'],
  [{ sendMessages: true }, 'photo', 'CHAT_WRITE_FORBIDDEN'],
]

test('what a group’s default rights keep its members from, and not its administrators', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  let randomId = 0n
  const media = async (who: Person, what: string): Promise<tl.InputMedia> => {
    if (what === 'dice') return { _: 'inputMediaDice', emoticon: '🎲' }
    if (what === 'photo')
      return { _: 'inputMediaPhoto', id: { ...(await uploadPhoto(who, await picture(16, 16))), _: 'inputPhoto' } }
    const file = await upload(who, Buffer.from('OggS'), { name: 'v.ogg' })
    return { _: 'inputMediaUploadedDocument', file, mimeType: 'audio/ogg', attributes: [audio(true)] }
  }
  const send = async (who: Person, what: string, error?: string) => {
    randomId++
    const [name, params] =
      what === 'text'
        ? (['messages.sendMessage', { peer: group.peer, message: 'x', randomId }] as const)
        : ([
            'messages.sendMedia',
            { peer: group.peer, media: await media(who, what), message: 'caption', randomId },
          ] as const)
    if (error) await who.fails(error, name, params as never)
    else await who.call(name, params as never)
  }
  for (const [banned, what, error] of REFUSALS) {
    const default_banned = atRest({ _: 'chatBannedRights', untilDate: 0x7fffffff, ...banned })
    await server.app.store.transact((trx) =>
      trx.updateTable('chat').set({ default_banned }).where('id', '=', group.id).execute(),
    )
    await send(bob, what, error)
    await send(alice, what)
  }
})

test('who left a group writes no more, and strangers never did', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const group = await makeGroup(alice, bob)
  const id = await bob.say(group.peer, 'before')
  const write = { peer: group.peer, message: 'x', randomId: 1n }
  await carol.fails('PEER_ID_INVALID', 'messages.sendMessage', write)
  await bob.call('messages.deleteChatUser', { chatId: group.id, userId: { _: 'inputUserSelf' } })
  await bob.fails('CHAT_WRITE_FORBIDDEN', 'messages.sendMessage', write)
  await bob.fails('CHAT_WRITE_FORBIDDEN', 'messages.editMessage', { peer: group.peer, id, message: 'after' })
  await bob.fails('CHAT_WRITE_FORBIDDEN', 'messages.updatePinnedMessage', { peer: group.peer, id })
  const before = await history(bob, group.peer)
  await alice.say(group.peer, 'without Bob')
  assert.deepEqual(
    (await history(bob, group.peer)).map((m) => m.id),
    before.map((m) => m.id),
  )
  assert.equal(before.at(-2)?.message, 'before', 'what one had one keeps')
})

test('nobody writes to a deleted account', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ deleted: 1 }).where('id', '=', bob.id).execute(),
  )
  await alice.fails('INPUT_USER_DEACTIVATED', 'messages.sendMessage', {
    peer: alice.peerOf(bob),
    message: 'x',
    randomId: 1n,
  })
})

test('who takes messages from contacts and premium users only gets no others', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const global_privacy = atRest({ _: 'globalPrivacySettings', newNoncontactPeersRequirePremium: true })
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ global_privacy }).where('id', '=', bob.id).execute(),
  )
  const send = { peer: alice.peerOf(bob), message: 'x', randomId: 1n }
  await alice.fails('PRIVACY_PREMIUM_REQUIRED', 'messages.sendMessage', send)
  await bob.say(alice, 'now you may')
  await alice.call('messages.sendMessage', send)
})
