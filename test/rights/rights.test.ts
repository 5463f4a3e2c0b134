import assert from 'node:assert/strict'
import { defaultDialect } from '../../src/storage/test-store.ts'
import { CallError, startTestServer, test } from '../harness/index.ts'
import { type Action, DOING, SAYING } from './actions.ts'
import { IN_FORUMS } from './forum-actions.ts'
import { mediaOf, Place } from './places.ts'
import { type Kind, ROLES, type Role, roleName } from './roles.ts'
import { outcome } from './rules.ts'

/**
 * The roles that are tried. What administrators may say in groups does not depend on their rights, so two of those do.
 * Rights are decided above the database: on the slower one every fifth role shows that it is asked rightly.
 */
function tried(kind: Kind, actions: readonly Action[]): Role[] {
  const few = actions === SAYING && kind !== 'channel'
  const roles = ROLES[kind].filter((role) => !few || role.is !== 'admin' || ['other', 'anonymous'].includes(role.right))
  return defaultDialect === 'postgres' ? roles.filter((_, i) => i % 5 === 0) : roles
}

/** What of the table does not hold in one kind of place, a line each. */
async function holds(kind: Kind, actions: readonly Action[]): Promise<void> {
  await using server = await startTestServer({ settings })
  const place = await Place.make(server, kind)
  const wrong: string[] = []
  const saved = await place.actor.say({ _: 'inputPeerSelf' }, 'saved')
  assert.equal(await place.owner.say({ _: 'inputPeerSelf' }, 'saved'), saved)
  const files = new Map([
    [place.owner.id, await mediaOf(place.owner)],
    [place.actor.id, await mediaOf(place.actor)],
  ])
  place.saved = saved
  for (const role of tried(kind, actions)) {
    const who = await place.give(role)
    place.media = files.get(who.id)!
    for (const action of actions) {
      const rule = action.rules[kind]
      if (!rule || action.except === role.is) continue
      const expected = outcome(kind, rule, role) ?? 'allowed'
      let found = 'allowed'
      try {
        await action.act(who, place)
        await action.undo?.(place, who)
      } catch (error) {
        if (!(error instanceof CallError)) throw error
        found = error.type
      }
      if (found !== expected) wrong.push(`${kind}, ${roleName(role)} ${action.name}: ${found}, not ${expected}`)
    }
  }
  assert.deepEqual(wrong, [])
}

for (const kind of Object.keys(ROLES) as Kind[]) {
  if (kind === 'forum') {
    test('forum: who may do what with topics', () => holds(kind, IN_FORUMS))
    continue
  }
  test(`${kind}: who may say what`, () => holds(kind, SAYING))
  test(`${kind}: who may do what`, () => holds(kind, DOING))
}

/** Small groups may hide who is in them. */
const settings = { limits: { hiddenMembers: 0 } }

test('private: each side has its own, what is said is for both', async () => {
  await using server = await startTestServer({ settings })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  const mine = await alice.say(bob, 'mine')
  const [update] = await bob.updatesOf('updateNewMessage')
  const told = update!.message
  const theirs = { peer: bob.peerOf(alice), id: told.id, message: 'x' }
  await bob.fails('MESSAGE_AUTHOR_REQUIRED', 'messages.editMessage', theirs)
  await bob.call('messages.updatePinnedMessage', { peer: bob.peerOf(alice), id: told.id, silent: true })
  await alice.call('messages.editMessage', { peer, id: mine, message: 'edited' })
  await bob.call('messages.setHistoryTTL', { peer: bob.peerOf(alice), period: 86_400 })
  await bob.call('messages.deleteMessages', { id: [told.id], revoke: true })
  assert.equal((await alice.updatesOf('updateDeleteMessages')).length, 1)
  await bob.call('contacts.block', { id: bob.peerOf(alice) })
  const message = { message: 'x', randomId: 1n }
  await bob.fails('YOU_BLOCKED_USER', 'messages.sendMessage', { peer: bob.peerOf(alice), ...message })
  await bob.updates()
  await alice.call('messages.sendMessage', { peer, ...message })
  assert.deepEqual(await bob.texts(), [])
})

test('what is protected is forwarded by nobody, whatever their rights', async () => {
  for (const kind of Object.keys(ROLES) as Kind[]) {
    await using server = await startTestServer({ settings })
    const place = await Place.make(server, kind)
    const { owner } = place
    for (const role of [{ is: 'creator' }, { is: 'member' }] as const) {
      const who = await place.give(role)
      const { theirs } = place.of(who)
      await owner.call('messages.toggleNoForwards', { peer: place.peer(owner), enabled: true })
      for (const toPeer of [{ _: 'inputPeerSelf' as const }, who.peerOf(place.other)]) {
        const forward = { fromPeer: place.peer(who), toPeer, id: [theirs], randomId: [7n] }
        await who.fails('CHAT_FORWARDS_RESTRICTED', 'messages.forwardMessages', forward)
      }
      await owner.call('messages.toggleNoForwards', { peer: place.peer(owner), enabled: false })
    }
  }
})
