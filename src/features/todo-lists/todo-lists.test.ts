import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, plain, startTestServer, test, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const text = (value: string): tl.TextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const item = (id: number, title: string): tl.TodoItem => ({ _: 'todoItem', id, title: text(title) })
const rid = () => randomBytes(8).readBigInt64LE()

const todo = (set: Partial<tl.todoList> = {}): tl.inputMediaTodo => ({
  _: 'inputMediaTodo',
  todo: { _: 'todoList', title: text('Shopping'), list: [item(1, 'milk'), item(2, 'bread')], ...set },
})

const setPremium = (person: Person) =>
  person.server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', person.id).execute(),
  )

async function send(who: Person, peer: tl.InputPeer, media: tl.InputMedia): Promise<number> {
  const answer = await who.call('messages.sendMedia', { peer, media, message: '', randomId: rid() })
  return unpack(answer).find((u) => u._ === 'updateMessageID').id
}

async function history(who: Person, peer: tl.InputPeer): Promise<tl.message[]> {
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }
  return ((await who.call('messages.getHistory', { peer, ...page })) as tl.messages_messages).messages as tl.message[]
}

test('both sides tick things off, and are told', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await setPremium(alice)
  const id = await send(alice, alice.peerOf(bob), todo({ othersCanComplete: true }))
  const [message] = await history(bob, bob.peerOf(alice))
  await alice.updates()
  const peer = bob.peerOf(alice)
  const answer = unpack(
    await bob.call('messages.toggleTodoCompleted', { peer, msgId: message!.id, completed: [1, 9], incompleted: [2] }),
  )
  assert.deepEqual(
    answer.map((u) => u._),
    ['updateEditMessage', 'updateNewMessage'],
  )
  const told = await alice.updates()
  const edit = told.find((u) => u._ === 'updateEditMessage').message
  assert.deepEqual(
    [edit.id, edit.media.completions.map((c: tl.todoCompletion) => [c.id, (c.completedBy as tl.peerUser).userId])],
    [id, [[1, bob.id]]],
  )
  const service = told.find((u) => u._ === 'updateNewMessage').message
  assert.deepEqual(plain(service.action), { _: 'messageActionTodoCompletions', completed: [1], incompleted: [] })
  assert.equal(service.replyTo.replyToMsgId, id)
  assert.deepEqual(
    unpack(
      await bob.call('messages.toggleTodoCompleted', { peer, msgId: message!.id, completed: [1], incompleted: [] }),
    ),
    [],
  )
  await alice.call('messages.toggleTodoCompleted', {
    peer: alice.peerOf(bob),
    msgId: id,
    completed: [2],
    incompleted: [1],
  })
  const media = (await history(bob, peer)).find((m) => m.id === message!.id)!.media as tl.messageMediaToDo
  assert.deepEqual(
    media.completions!.map((c) => [c.id, (c.completedBy as tl.peerUser).userId]),
    [[2, alice.id]],
  )
  await bob.fails('MESSAGE_ID_INVALID', 'messages.appendTodoList', { peer, msgId: message!.id, list: [item(3, 'x')] })
})

test('things are added, and the author edits the list', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await setPremium(alice)
  const id = await send(alice, alice.peerOf(bob), todo({ othersCanAppend: true }))
  const [message] = await history(bob, bob.peerOf(alice))
  const to = { peer: bob.peerOf(alice), msgId: message!.id }
  await bob.fails('MESSAGE_ID_INVALID', 'messages.toggleTodoCompleted', { ...to, completed: [1], incompleted: [] })
  await bob.fails('TODO_NOT_MODIFIED', 'messages.appendTodoList', { ...to, list: [] })
  await bob.fails('TODO_ITEM_DUPLICATE', 'messages.appendTodoList', { ...to, list: [item(2, 'again')] })
  await bob.call('messages.appendTodoList', { ...to, list: [item(3, 'eggs')] })
  const [service, list] = await history(alice, alice.peerOf(bob))
  assert.equal((service as unknown as tl.messageService).action._, 'messageActionTodoAppendTasks')
  const titles = (m: tl.message) => (m.media as tl.messageMediaToDo).todo.list.map((i) => i.title.text)
  assert.deepEqual(titles(list!), ['milk', 'bread', 'eggs'])
  await alice.call('messages.toggleTodoCompleted', {
    peer: alice.peerOf(bob),
    msgId: id,
    completed: [1, 3],
    incompleted: [],
  })
  const media = todo({ list: [item(3, 'six eggs')] })
  await alice.call('messages.editMessage', { peer: alice.peerOf(bob), id, media })
  const edited = (await history(bob, bob.peerOf(alice))).find((m) => m.id === message!.id)!
  assert.deepEqual(titles(edited), ['six eggs'])
  assert.deepEqual(
    (edited.media as tl.messageMediaToDo).completions!.map((c) => c.id),
    [3],
  )
})

test('lists that make no sense are refused', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const peer = alice.peerOf(bob)
  await alice.fails('PREMIUM_ACCOUNT_REQUIRED', 'messages.sendMedia', {
    peer,
    media: todo(),
    message: '',
    randomId: rid(),
  })
  await setPremium(alice)
  const cases: [string, tl.inputMediaTodo][] = [
    ['TODO_ITEMS_EMPTY', todo({ list: [] })],
    ['TODO_ITEM_DUPLICATE', todo({ list: [item(1, 'a'), item(1, 'b')] })],
    ['MESSAGE_TOO_LONG', todo({ title: text('t'.repeat(33)) })],
    ['MESSAGE_TOO_LONG', todo({ list: [item(1, 't'.repeat(65))] })],
    ['MESSAGE_EMPTY', todo({ list: [item(1, ' ')] })],
  ]
  for (const [error, media] of cases)
    await alice.fails(error, 'messages.sendMedia', { peer, media, message: '', randomId: rid() })
  const text1 = await alice.say(bob, 'no list')
  await alice.fails('MESSAGE_ID_INVALID', 'messages.toggleTodoCompleted', {
    peer,
    msgId: text1,
    completed: [1],
    incompleted: [],
  })
})

test('thirty things ticked off at once are all ticked', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await setPremium(alice)
  const list = Array.from({ length: 30 }, (_, i) => item(i + 1, `t${i}`))
  const id = await send(alice, alice.peerOf(bob), todo({ list, othersCanComplete: true }))
  const [message] = await history(bob, bob.peerOf(alice))
  await Promise.all(
    list.map((one, i) => {
      const [who, peer, msgId] =
        i % 2 ? ([alice, alice.peerOf(bob), id] as const) : ([bob, bob.peerOf(alice), message!.id] as const)
      return who.call('messages.toggleTodoCompleted', { peer, msgId, completed: [one.id], incompleted: [] })
    }),
  )
  const { messages } = (await bob.call('messages.getMessages', {
    id: [{ _: 'inputMessageID', id: message!.id }],
  })) as tl.messages_messages
  assert.equal(((messages[0] as tl.message).media as tl.messageMediaToDo).completions!.length, 30)
})

test('a list that is forwarded as one’s own is begun anew, and kept by whoever forwarded it', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await setPremium(alice)
  const id = await send(alice, alice.peerOf(bob), todo())
  await alice.call('messages.toggleTodoCompleted', {
    ...{ peer: alice.peerOf(bob), msgId: id, completed: [1], incompleted: [] },
  })
  const theirs = (await history(bob, bob.peerOf(alice))).find((m) => m.media?._ === 'messageMediaToDo')!
  const forward = (dropAuthor: boolean) =>
    bob.call('messages.forwardMessages', {
      ...{ fromPeer: bob.peerOf(alice), id: [theirs.id], randomId: [rid()], toPeer: bob.peerOf(carol), dropAuthor },
    })
  await forward(false)
  await forward(true)
  const [own, shown] = await history(carol, carol.peerOf(bob))
  const done = (m: tl.message | undefined) => (m!.media as tl.messageMediaToDo).completions?.map((c) => c.id)
  assert.deepEqual([done(shown), done(own)], [[1], undefined])
  const [mine, kept] = await history(bob, bob.peerOf(carol))
  const tick = (msgId: number) => ({ peer: bob.peerOf(carol), msgId, completed: [2], incompleted: [] })
  await bob.fails('MESSAGE_ID_INVALID', 'messages.toggleTodoCompleted', tick(kept!.id))
  await bob.call('messages.toggleTodoCompleted', tick(mine!.id))
  const [, after] = await history(carol, carol.peerOf(bob))
  assert.deepEqual(done(after), [2])
})
