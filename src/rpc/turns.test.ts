import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Person, startTestServer, test } from '../../test/harness/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { writeObject } from '../tl/index.ts'
import { chatNamed, Turns } from './turns.ts'

const random = () => randomBytes(8).readBigInt64LE()
const numbers = Array.from({ length: 200 }, (_, i) => String(i))

/** The texts of a chat, oldest first. */
async function textsWith(who: Person, peer: Person): Promise<string[]> {
  const texts: string[] = []
  const page = { offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  for (let offsetId = 0; ; ) {
    const found = await who.call('messages.getHistory', { peer: who.peerOf(peer), offsetId, ...page })
    const { messages } = found as unknown as { messages: { id: number; message: string }[] }
    if (messages.length === 0) return texts.reverse()
    texts.push(...messages.map((one) => one.message))
    offsetId = messages.at(-1)!.id
  }
}

test('what one session sends to a chat side by side arrives in the order in which it was sent', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const send = (to: Person, message: string) => {
    const peer = alice!.peerOf(to)
    return alice!.call('messages.sendMessage', { peer, message, randomId: random() })
  }
  await Promise.all(numbers.flatMap((n) => [send(bob!, n), send(carol!, n)]))
  assert.deepEqual(await textsWith(alice!, bob!), numbers)
  assert.deepEqual(await textsWith(bob!, alice!), numbers)
  assert.deepEqual(await textsWith(carol!, alice!), numbers)
  assert.deepEqual(await bob!.texts(), numbers)
})

test('edits and what is refused keep the order, too', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const id = await alice!.say(bob!, 'first')
  const peer = alice!.peerOf(bob!)
  const calls = numbers.slice(0, 40).map((n, i) => {
    if (i % 5 === 4)
      return alice!.fails('MESSAGE_EMPTY', 'messages.sendMessage', { peer, message: '', randomId: random() })
    return alice!.call('messages.editMessage', { peer, id, message: n })
  })
  await Promise.all(calls)
  assert.deepEqual(await textsWith(bob!, alice!), ['38'])
})

test('invokeAfterMsg and invokeAfterMsgs order calls that no chat does', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const { session } = alice!.device1
  const under = new Map<bigint, Promise<void>>()
  session.pipe.result = (id) => under.get(id)
  const begun: string[] = []
  server.dispatcher.onAnswer = (_, call) => void begun.push(call.params.message)
  const send = (msgId: bigint, to: Person, message: string, after: bigint[]) => {
    const query = { _: 'messages.sendMessage', peer: alice!.peerOf(to), message, randomId: random() }
    const wrapped =
      after.length === 0
        ? query
        : after.length === 1
          ? { _: 'invokeAfterMsg', msgId: after[0], query }
          : { _: 'invokeAfterMsgs', msgIds: after, query }
    const answered = server.dispatcher.answer(session, writeObject(wrapped as never), msgId)
    under.set(
      msgId,
      answered.then(() => {}),
    )
    return answered
  }
  const answers = await Promise.all([
    send(4n, bob!, 'one', []),
    send(8n, carol!, 'two', [4n]),
    send(12n, bob!, 'three', [4n, 8n]),
    send(16n, carol!, 'four', [12n]),
  ])
  alice!.device1.answered.push(...answers.map((one) => one.result as tl.Updates))
  assert.deepEqual(begun, ['one', 'two', 'three', 'four'])
})

test('turns of one chat come one after the other, whichever ends first; those of another do not wait', async () => {
  const turns = new Turns()
  const [a, b, c] = [turns.take('x'), turns.take('x'), turns.take('x')]
  const other = turns.take('y')
  assert.equal(a.comes(), undefined)
  assert.equal(other.comes(), undefined)
  const told: string[] = []
  const waits = [b.comes()!.then(() => told.push('b')), c.comes()!.then(() => told.push('c'))]
  c.end()
  b.end() // it came to nothing before its turn
  await new Promise(setImmediate)
  assert.deepEqual(told, [])
  a.end()
  await Promise.all(waits)
  assert.deepEqual(told, ['b', 'c'])
  assert.equal(turns.take('x').comes(), undefined)
})

test('one that hangs does not hold up its chat for ever', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const turns = new Turns()
  turns.take('x')
  const next = turns.take('x').comes()!
  t.mock.timers.tick(5000)
  await next
})

test('a chat is told by what a call names', async () => {
  const named = (params: object) => chatNamed(params, 7)
  assert.equal(named({ peer: { _: 'inputPeerUser', userId: 5, accessHash: 1n } }), 'user5')
  assert.equal(named({ peer: { _: 'inputPeerSelf' } }), 'user7')
  assert.equal(named({ channel: { _: 'inputChannel', channelId: 3, accessHash: 1n } }), 'channel3')
  assert.equal(named({ peer: { _: 'inputPeerChannel', channelId: 3, accessHash: 1n } }), 'channel3')
  assert.equal(named({ peer: { _: 'inputPeerChat', chatId: 2 } }), named({ chatId: 2 }))
  assert.equal(named({ fromPeer: { _: 'inputPeerSelf' }, toPeer: { _: 'inputPeerUser', userId: 5 } }), 'user5')
  assert.equal(named({ id: [1, 2] }), '')
})
