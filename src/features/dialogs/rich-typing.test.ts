import assert from 'node:assert/strict'
import { download, photoLocation, picture, uploadPhoto } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

test('a bot’s rich message is watched as it is written, with pictures that one can open', async () => {
  await using server = await startTestServer()
  const [alice] = await server.people('Alice')
  const bot = await server.bot('writing_bot')
  await alice.say(bot, '/start')
  const { id, accessHash, fileReference } = await uploadPhoto(bot, await picture(100, 100))
  const caption: tl.PageCaption = { _: 'pageCaption', text: { _: 'textEmpty' }, credit: { _: 'textEmpty' } }
  const words: tl.PageBlock = { _: 'pageBlockParagraph', text: { _: 'textPlain', text: 'half a' } }
  const richMessage: tl.inputRichMessage = {
    ...{ _: 'inputRichMessage', photos: [{ _: 'inputPhoto', id, accessHash, fileReference }] },
    blocks: [words, { _: 'pageBlockPhoto', photoId: id, caption }],
  }
  const action = { _: 'inputSendMessageRichMessageDraftAction' as const, canStop: true as const, randomId: 7n }
  await alice.updates()
  await bot.call('messages.setTyping', { peer: bot.peerOf(alice), action: { ...action, richMessage } })
  const [told] = await alice.updatesOf('updateUserTyping')
  const { canStop, randomId, richMessage: shown } = told!.action as tl.sendMessageRichMessageDraftAction
  assert.deepEqual([canStop, randomId, shown.blocks[0]], [true, 7n, words])
  const photo = shown.photos[0] as tl.photo
  const { type } = photo.sizes.at(-1) as tl.photoSize
  assert.ok((await download(alice, photoLocation(photo, type))).length > 0)
  const plain = { peer: alice.peerOf(bot), action: { ...action, richMessage: { ...richMessage, blocks: [words] } } }
  await alice.fails('PEER_ID_INVALID', 'messages.setTyping', plain)
})
