import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'

test('accounts with Premium have the wider limits that clients are told', async () => {
  await using server = await startTestServer({
    settings: { limits: { pinnedDialogs: 1, premium: { pinnedDialogs: 2 } } },
  })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const told = (await alice.call('help.getAppConfig', { hash: 0 })) as tl.help_appConfig
  const value = (key: string) => (told.config as tl.jsonObject).value.find((one) => one.key === key)?.value
  assert.deepEqual(value('about_length_limit_default'), { _: 'jsonNumber', value: 70 })
  assert.deepEqual(value('about_length_limit_premium'), { _: 'jsonNumber', value: 140 })
  assert.deepEqual(value('dialogs_pinned_limit_premium'), { _: 'jsonNumber', value: 2 })
  assert.deepEqual(value('group_transcribe_level_min'), { _: 'jsonNumber', value: 6 })
  const about = 'x'.repeat(71)
  const file: tl.inputFile = { _: 'inputFile', id: 1n, parts: 4001, name: 'a', md5Checksum: '' }
  const caption = {
    peer: alice.peerOf(bob),
    media: { _: 'inputMediaUploadedDocument' as const, file, mimeType: 'text/plain', attributes: [] },
    message: 'x'.repeat(2000),
    randomId: 1n,
  }
  const part = { fileId: 2n, filePart: 4000, fileTotalParts: 4001, bytes: new Uint8Array(1024) }
  const pin = (who: typeof bob) => ({
    peer: { _: 'inputDialogPeer' as const, peer: alice.peerOf(who) },
    pinned: true,
  })
  for (const who of [bob, carol, dave]) await alice.say(who, 'hello')
  await alice.call('messages.toggleDialogPin', pin(bob))
  await alice.fails('PINNED_DIALOGS_TOO_MUCH', 'messages.toggleDialogPin', pin(carol))
  await alice.fails('ABOUT_TOO_LONG', 'account.updateProfile', { about })
  await alice.fails('MEDIA_CAPTION_TOO_LONG', 'messages.sendMedia', caption)
  await alice.fails('FILE_PARTS_INVALID', 'upload.saveBigFilePart', part)
  await runCommand(server.app, 'user premium', [String(alice.id), '10d'])
  await alice.call('messages.toggleDialogPin', pin(carol))
  await alice.fails('PINNED_DIALOGS_TOO_MUCH', 'messages.toggleDialogPin', pin(dave))
  await alice.call('account.updateProfile', { about })
  assert.equal((await bob.call('users.getFullUser', { id: bob.userOf(alice) })).fullUser.about, about)
  await alice.fails('ABOUT_TOO_LONG', 'account.updateProfile', { about: 'x'.repeat(141) })
  // The text is allowed now, and what is missing is the file.
  await alice.fails('FILE_PART_0_MISSING', 'messages.sendMedia', caption)
  assert.equal(await alice.call('upload.saveBigFilePart', part), true)
  await alice.fails('FILE_PARTS_INVALID', 'upload.saveBigFilePart', { ...part, fileId: 3n, fileTotalParts: 8001 })
  await server.clock.advance(10 * 86_400)
  await alice.fails('ABOUT_TOO_LONG', 'account.updateProfile', { about: `${about}y` })
})
