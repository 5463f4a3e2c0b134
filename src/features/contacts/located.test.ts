import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const at = (lat: number, long: number): tl.inputGeoPoint => ({ _: 'inputGeoPoint', lat, long })

/** People who may show themselves nearby need a photo; which one does not matter here. */
async function givePhoto(server: TestServer, ...people: Person[]): Promise<void> {
  await server.app.store.transact(async (trx) => {
    for (const { id } of people) await trx.updateTable('user').set({ photo_id: 1 }).where('id', '=', id).execute()
  })
}

async function located(who: Person, geoPoint: tl.InputGeoPoint, selfExpires?: number): Promise<tl.PeerLocated[]> {
  const updates = (await who.call('contacts.getLocated', { geoPoint, selfExpires })) as tl.updates
  assert.equal(updates.updates.length, 1)
  return (updates.updates[0] as tl.updatePeerLocated).peers
}

test('people nearby are found while they show themselves', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = (await server.people('Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await givePhoto(server, bob, carol)
  const now = Math.floor(server.clock.now() / 1000)
  assert.deepEqual(await located(bob, at(52.52, 13.405), 600), [{ _: 'peerSelfLocated', expires: now + 600 }])
  await located(carol, at(48.14, 11.58), 0x7fffffff)
  // A thousandth of a degree of latitude is 111 metres.
  const near = { _: 'peerLocated', peer: bob.peerId, expires: now + 600, distance: 200 }
  assert.deepEqual(await located(alice, at(52.521, 13.405)), [near])
  assert.deepEqual(await located(alice, at(0, 0)), [])
  assert.deepEqual(await located(carol, at(52.521, 13.405)), [near], 'asking alone moves nobody')
  assert.equal((await located(alice, at(48.14, 11.58))).length, 1)
  await bob.call('contacts.block', { id: bob.peerOf(alice) })
  assert.deepEqual(await located(alice, at(52.521, 13.405)), [])
  server.clock.advance(601)
  assert.deepEqual(await located(carol, at(52.521, 13.405)), [])
  assert.deepEqual(await located(carol, { _: 'inputGeoPointEmpty' }, 0), [])
  assert.deepEqual(await located(alice, at(48.14, 11.58)), [])
})

test('who wants to be found needs a photo that everybody may see', async () => {
  await using server = await startTestServer()
  const [alice] = (await server.people('Alice')) as [Person]
  const ask = { geoPoint: at(1, 1), selfExpires: 600 }
  await alice.fails('USERPIC_UPLOAD_REQUIRED', 'contacts.getLocated', ask)
  await givePhoto(server, alice)
  const key = { _: 'inputPrivacyKeyProfilePhoto' } as const
  await alice.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueAllowContacts' }] })
  await alice.fails('USERPIC_PRIVACY_REQUIRED', 'contacts.getLocated', ask)
  await alice.fails('GEO_POINT_INVALID', 'contacts.getLocated', { geoPoint: at(91, 0) })
  await alice.fails('GEO_POINT_INVALID', 'contacts.getLocated', { geoPoint: at(Number.NaN, 0) })
  await alice.fails('GEO_POINT_INVALID', 'contacts.getLocated', { geoPoint: { _: 'inputGeoPointEmpty' } })
})
