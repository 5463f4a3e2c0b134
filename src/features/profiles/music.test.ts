import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { documentLocation, download, uploadDocument } from '../../../test/harness/files.ts'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import { listHash } from '../../domain/list-hash.ts'
import type * as tl from '../../tl/gen/types.ts'

const song = (who: Person, title: string) =>
  uploadDocument(who, randomBytes(64), {
    mimeType: 'audio/mpeg',
    attributes: [{ _: 'documentAttributeAudio', duration: 100, title }],
  })
const input = (document: tl.document): tl.inputDocument => ({ ...document, _: 'inputDocument' })

test('music on a profile: in its order, for those who may see it, with references that stay fresh', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const [one, two, three] = [await song(alice, 'one'), await song(alice, 'two'), await song(alice, 'three')]
  await alice.call('account.saveMusic', { id: input(one) })
  await alice.call('account.saveMusic', { id: input(two) })
  await alice.call('account.saveMusic', { id: input(three), afterId: input(two) })
  const ids = async () => ((await alice.call('account.getSavedMusicIds', { hash: 0n })) as tl.account_savedMusicIds).ids
  assert.deepEqual(await ids(), [two.id, three.id, one.id])
  const same = await alice.call('account.getSavedMusicIds', { hash: listHash(await ids()) })
  assert.equal(same._, 'account.savedMusicIdsNotModified')
  const id = bob.userOf(alice)
  const shown = (await bob.call('users.getSavedMusic', { id, offset: 1, limit: 1, hash: 0n })) as tl.users_savedMusic
  assert.deepEqual([shown.count, ...shown.documents.map((d) => d.id)], [3, three.id])
  const { fullUser } = await bob.call('users.getFullUser', { id })
  assert.equal(fullUser.savedMusic?.id, two.id)
  await server.clock.advance(10 * 3600)
  const old = shown.documents[0] as tl.document
  await bob.fails('FILE_REFERENCE_EXPIRED', 'upload.getFile', {
    location: documentLocation(old),
    offset: 0,
    limit: 4096,
  })
  const named = await bob.call('users.getSavedMusicByID', {
    id,
    documents: [input(old), { ...input(old), accessHash: 1n }],
  })
  const [fresh] = (named as tl.users_savedMusic).documents as [tl.document]
  assert.equal((named as tl.users_savedMusic).count, 1)
  await download(bob, documentLocation(fresh))
  const mine = (await alice.call('users.getSavedMusic', {
    id: { _: 'inputUserSelf' },
    offset: 0,
    limit: 10,
    hash: 0n,
  })) as tl.users_savedMusic
  await alice.call('account.saveMusic', { id: input(mine.documents[0] as tl.document), unsave: true })
  assert.deepEqual(await ids(), [three.id, one.id])
  await alice.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeySavedMusic' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  const hidden = await bob.call('users.getSavedMusic', { id, offset: 0, limit: 10, hash: 0n })
  assert.deepEqual(hidden, { _: 'users.savedMusic', count: 0, documents: [] })
  const file = await uploadDocument(alice, randomBytes(10))
  await alice.fails('DOCUMENT_INVALID', 'account.saveMusic', { id: input(file) })
})
