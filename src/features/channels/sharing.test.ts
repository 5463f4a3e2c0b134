import assert from 'node:assert/strict'
import { type Person, startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { MIN_LAYER } from '../../tl/index.ts'
import { historyOf, makeChannel } from './test-channel.ts'

// That a push that many are sent looks to each as if it had been rendered for them alone is compared by the harness, in
// every test; here it gets every kind of viewer to compare, and must not have shared where it may not.

/** What they were last told of a channel: the texts, and the sender as they saw them. */
function heard(updates: tl.Updates[]) {
  return updates.flatMap((container) => {
    const { updates: list, users } = container as tl.updates
    return list.flatMap((update) => {
      if (update._ !== 'updateNewChannelMessage' || update.message._ !== 'message') return []
      const { message } = update
      const from = (message.fromId as tl.peerUser).userId
      const { firstName, phone } = users.find((user) => user.id === from) as tl.user
      return [{ text: message.message, mentioned: message.mentioned, firstName, phone }]
    })
  })
}

test('members of every kind are each sent a post as they see it', async () => {
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob, keeper, kept, blocked, admin, hidden] = await server.people(
    'Alice',
    'Bob',
    'Keeper',
    'Kept',
    'Blocked',
    'Admin',
    'Hidden',
  )
  const old = await server.person('Old', MIN_LAYER)
  const middle = await server.person('Middle', 185)
  const plain = [bob, old, middle]
  const contact = (of: Person, who: Person, name: string) =>
    of.call('contacts.importContacts', {
      contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone: who.phone, firstName: name, lastName: '' }],
    })
  await contact(keeper, alice, 'My Alice')
  await contact(alice, kept, 'Kept')
  const members = [...plain, keeper, kept, blocked, admin, hidden]
  const group = await makeChannel('group', bob, alice, ...members.filter((m) => m !== bob))
  await alice.call('contacts.block', { id: alice.peerOf(blocked) })
  await hidden.call('account.setPrivacy', {
    key: { _: 'inputPrivacyKeyStatusTimestamp' },
    rules: [{ _: 'inputPrivacyValueDisallowAll' }],
  })
  await bob.call('channels.editAdmin', {
    channel: group.of(bob),
    userId: bob.userOf(admin),
    adminRights: { _: 'chatAdminRights', deleteMessages: true },
    rank: '',
  })
  await alice.call('account.updateStatus', { offline: false })
  for (const each of [alice, ...members]) await each.updates()
  const before = server.sharing.compared
  await alice.say(group.peer(alice), 'to everybody')
  await server.quiet()
  // Old, Middle and Kept: the others are creator, administrator or stand to Alice in a way of their own.
  assert.equal(server.sharing.compared - before, 3)
  const told = async (who: Person) => heard(await who.pushes())
  const usual = { text: 'to everybody', mentioned: undefined, firstName: 'Alice', phone: undefined }
  for (const each of [...plain, blocked, admin, hidden]) assert.deepEqual(await told(each), [usual], each.firstName)
  assert.deepEqual(await told(kept), [{ ...usual, phone: alice.phone }])
  assert.deepEqual(await told(keeper), [{ ...usual, firstName: 'My Alice', phone: alice.phone }])
  assert.deepEqual(await told(alice), [], 'her answer says it')
})

test('who is named in a post, or answered, is told so, and the rest together', async () => {
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob, carol, dave, eve] = await server.people('Alice', 'Bob', 'Carol', 'Dave', 'Eve')
  const group = await makeChannel('group', alice, bob, carol, dave, eve)
  await bob.say(group.peer(bob), 'a question')
  await server.quiet()
  for (const each of [alice, bob, carol, dave, eve]) await each.pushes()
  const before = server.sharing.compared
  const [question] = await historyOf(alice, group)
  await alice.call('messages.sendMessage', {
    peer: group.peer(alice),
    message: 'an answer, Eve',
    entities: [{ _: 'inputMessageEntityMentionName', offset: 11, length: 3, userId: alice.userOf(eve) }],
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: question!.id },
    randomId: 2n,
  })
  await server.quiet()
  const mentioned = async (who: Person) => heard(await who.pushes()).map((one) => one.mentioned)
  assert.deepEqual(await mentioned(bob), [true])
  assert.deepEqual(await mentioned(eve), [true])
  assert.deepEqual(await mentioned(carol), [undefined])
  assert.deepEqual(await mentioned(dave), [undefined])
  assert.equal(server.sharing.compared - before, 2)
})

test('what comes while readers are away is read by themselves, in order and once', async () => {
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob, carol, dave] = await server.people('Alice', 'Bob', 'Carol', 'Dave')
  const group = await makeChannel('group', alice, bob, carol, dave)
  const peer = group.peer(alice)
  for (const each of [bob, carol, dave]) await each.pushes()
  const texts = Array.from({ length: 60 }, (_, i) => `message ${i}`)
  await Promise.all(
    texts.map((message, i) => alice.call('messages.sendMessage', { peer, message, randomId: BigInt(i + 1) })),
  )
  await server.quiet()
  // In what order they were written is the database's to say, if it runs several transactions at a time.
  const written = (await historyOf(alice, group)).map((m) => m.message).reverse()
  const expected = written.filter((text) => texts.includes(text))
  assert.equal(expected.length, texts.length)
  for (const each of [bob, carol, dave]) {
    const told = heard(await each.pushes()).map((one) => one.text)
    assert.deepEqual(told, expected)
  }
})

test('where many come in at once, readers are told of them in pieces that they share', async () => {
  await using server = await startTestServer({ nodes: 1 })
  const [alice, bob, carol, ...crowd] = await server.people(...Array.from({ length: 33 }, (_, i) => `Person ${i}`))
  const group = await makeChannel('group', alice!, bob!, carol!)
  await alice!.call('channels.updateUsername', { channel: group.of(alice!), username: 'come_together' })
  for (const who of [alice!, bob!, carol!]) await who.updates()
  const cut: number[] = []
  const share = server.sharing.share.bind(server.sharing)
  const { promise: allIn, resolve: open } = Promise.withResolvers<void>()
  server.sharing.share = async (owner, readers, facts) => {
    await allIn
    const shared = await share(owner, readers, facts)
    if (shared && shared.to < facts.at(-1)!.pos) cut.push(shared.to % 16)
    return shared
  }
  await Promise.all(crowd.map((who) => who.call('channels.joinChannel', { channel: group.of(who) })))
  open()
  const everybody = crowd.map((who) => who.id).sort((a, b) => a - b)
  for (const reader of [bob!, carol!]) {
    const told = await reader.updatesOf('updateNewChannelMessage')
    const joined = told.map((u) => ((u.message as tl.messageService).action as tl.messageActionChatAddUser).users[0]!)
    assert.deepEqual(
      joined.sort((a, b) => a - b),
      everybody,
    )
  }
  assert.ok(cut.length > 0, 'nothing was cut')
  assert.ok(cut.every((rest) => rest === 0))
})
