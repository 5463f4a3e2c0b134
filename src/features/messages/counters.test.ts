import assert from 'node:assert/strict'
import { type Person, startTestServer, type TestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { history, makeGroup } from './test-group.ts'

/** Every dialog's counters and top message, beside what its messages say they are. */
async function checkDialogs(server: TestServer, when: string): Promise<void> {
  const { db } = server.app.store
  for (const dialog of await db.selectFrom('dialog').selectAll().execute()) {
    const rows = await db
      .selectFrom('message')
      .selectAll()
      .where('owner', '=', dialog.owner)
      .where('peer', '=', dialog.peer)
      .orderBy('id')
      .execute()
    const counted = {
      messages: rows.length,
      top: rows.at(-1)?.id ?? 0,
      unread: rows.filter((row) => row.out === 0 && row.id > dialog.read_inbox).length,
      mentions: rows.filter((row) => row.mentioned === 1 && row.media_unread === 1).length,
    }
    const { messages, top_message: top, unread, unread_mentions: mentions } = dialog
    assert.deepEqual({ messages, top, unread, mentions }, counted, `${when}, dialog ${dialog.owner} ${dialog.peer}`)
  }
}

test('a history that is cleared takes an unseen mention along', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const group = await makeGroup(alice, bob)
  await bob.say(group.peer, 'question')
  const [question] = await history(alice, group.peer)
  await alice.call('messages.sendMessage', {
    peer: group.peer,
    message: 'answer',
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: question!.id },
    randomId: 1n,
  })
  await bob.call('messages.deleteHistory', { peer: group.peer, maxId: 0, justClear: true })
  await checkDialogs(server, 'after clearing')
})

test('whatever is sent, read and deleted, dialogs count what is there', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol')
  const [alice, bob, carol] = people
  const group = await makeGroup(alice, bob, carol)
  let seed = 20_260_101
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const peerFor = (who: Person): tl.InputPeer => {
    const other = pick(people)
    if (random(3) === 0) return group.peer
    return other === who ? { _: 'inputPeerSelf' } : who.peerOf(other)
  }
  let randomId = 0n
  const steps: Record<string, (who: Person, peer: tl.InputPeer, id: number | undefined) => Promise<unknown>> = {
    send: (who, peer) => who.call('messages.sendMessage', { peer, message: 'text', randomId: ++randomId }),
    reply: (who, peer, id) =>
      who.call('messages.sendMessage', {
        peer,
        message: 'reply',
        replyTo: id === undefined ? undefined : { _: 'inputReplyToMessage', replyToMsgId: id },
        randomId: ++randomId,
      }),
    read: (who, peer, id) => who.call('messages.readHistory', { peer, maxId: id ?? 0 }),
    readMentions: (who, peer) => who.call('messages.readMentions', { peer }),
    deleteMine: async (who, _peer, id) => id !== undefined && who.call('messages.deleteMessages', { id: [id] }),
    revoke: async (who, peer, id) => {
      if (id === undefined || (peer._ === 'inputPeerChat' && who !== alice)) return
      await who.call('messages.deleteMessages', { id: [id], revoke: true })
    },
    clear: (who, peer, id) => who.call('messages.deleteHistory', { peer, maxId: id ?? 0, justClear: random(2) === 0 }),
  }
  const weighted = ['send', 'send', 'send', 'reply', 'reply', ...Object.keys(steps)]
  for (let i = 0; i < 250; i++) {
    const who = pick(people)
    const peer = peerFor(who)
    const rows = await history(who, peer, { limit: 20 })
    const step = pick(weighted)
    await steps[step]!(who, peer, rows.length > 0 ? pick(rows).id : undefined)
    if (i % 10 === 9) await checkDialogs(server, `after step ${i}, ${step}`)
  }
})
