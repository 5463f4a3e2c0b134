import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { startTestServer, test, watchRetries } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel } from './test-channel.ts'

const ROUNDS = 12

test('people who talk, react, read, join and leave at once wait for each other and never in a ring', async () => {
  await using server = await startTestServer()
  const people = await server.people('Alice', 'Bob', 'Carol', 'Dave', 'Erin')
  const [alice, ...others] = people
  const groups = [await makeChannel('group', alice, ...others), await makeChannel('group', alice, ...others)]
  for (const [i, group] of groups.entries()) {
    await alice.call('channels.updateUsername', { channel: group.of(alice), username: `side_by_side_${i}` })
  }
  // What happens in both is told to one bot.
  const bot = await server.bot('guard_bot')
  for (const group of groups) {
    const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', banUsers: true }
    await alice.call('channels.editAdmin', {
      channel: group.of(alice),
      userId: alice.userOf(bot),
      adminRights,
      rank: '',
    })
  }
  const retries = watchRetries(server)
  const refused: unknown[] = []
  const may = (call: Promise<unknown>) => call.catch((error) => refused.push(error))
  let said = 0
  for (let round = 0; round < ROUNDS; round++) {
    const calls: Promise<unknown>[] = []
    for (const [i, person] of people.entries()) {
      for (const group of (i + round) % 2 ? groups : groups.toReversed()) {
        const peer = group.peer(person)
        const text = `@side_by_side_0 ${round} from ${i}`
        const send = { peer, message: text, randomId: randomBytes(8).readBigInt64LE() }
        if (i < 3) {
          said++
          calls.push(person.call('messages.sendMessage', send))
        }
        calls.push(may(person.call('channels.readHistory', { channel: group.of(person), maxId: round * 10 + 3 })))
        const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: i % 2 ? '👍' : '🔥' }]
        calls.push(may(person.call('messages.sendReaction', { peer, msgId: 2 + round, reaction })))
        if (i >= 3) {
          const method = round % 2 ? 'channels.joinChannel' : 'channels.leaveChannel'
          calls.push(may(person.call(method, { channel: group.of(person) })))
        }
      }
    }
    calls.push(may(alice.call('channels.editTitle', { channel: groups[1]!.of(alice), title: `Title ${round}` })))
    await Promise.all(calls)
  }
  assert.equal(retries(), 0)
  const kept = await Promise.all(groups.map((group) => historyOf(alice, group)))
  assert.equal(kept.flat().filter((message) => message.message?.startsWith('@side')).length, said)
  for (const person of people) await person.updates()
  const changes = await bot.updatesOf('updateChannelParticipant')
  assert.ok(changes.filter((u) => u.userId !== bot.id).length > ROUNDS)
})
