import assert from 'node:assert/strict'
import type { Device, Person } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

export interface TestGroup {
  readonly id: number
  readonly peer: tl.inputPeerChat
}

/** A basic group of these people, made through the API; what its making told them has been taken. */
export async function makeGroup(creator: Person, ...members: Person[]): Promise<TestGroup> {
  const answer = await creator.call('messages.createChat', {
    users: members.map((m) => creator.userOf(m)),
    title: 'Group',
  })
  const { id } = (answer.updates as tl.updates).chats[0]!
  for (const person of [creator, ...members]) await person.updates()
  return { id, peer: { _: 'inputPeerChat', chatId: id } }
}

/** What `messages.getHistory` answers, the newest first: at most 100. */
export async function history(
  who: Person | Device,
  peer: tl.InputPeer,
  page: Partial<tl.Methods['messages.getHistory']['params']> = {},
): Promise<tl.message[]> {
  const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n }
  const answer = await who.call('messages.getHistory', { peer, ...none, ...page })
  assert.ok('messages' in answer)
  return answer.messages as tl.message[]
}

export const texts = (messages: readonly tl.Message[]): string[] =>
  messages.map((m) => (m._ === 'message' ? m.message : m._))

/** One's own copies by their ids; what is not there is undefined. */
export async function copies(who: Person | Device, ...ids: number[]): Promise<(tl.message | undefined)[]> {
  const answer = await who.call('messages.getMessages', { id: ids.map((id) => ({ _: 'inputMessageID', id })) })
  assert.ok(answer._ === 'messages.messages')
  return answer.messages.map((m) => (m._ === 'messageEmpty' ? undefined : (m as tl.message)))
}
