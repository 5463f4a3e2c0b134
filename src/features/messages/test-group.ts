import type { Person, TestServer } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

export interface TestGroup {
  readonly id: number
  readonly peer: tl.inputPeerChat
}

/** A basic group of these people, made through the API; what its making told them has been taken. */
export async function makeGroup(server: TestServer, creator: Person, members: Person[]): Promise<TestGroup> {
  const users = members.map((m) => creator.userOf(m))
  await creator.call('messages.createChat', { users, title: 'Group' })
  const { id } = await server.app.store.db
    .selectFrom('chat')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  for (const person of [creator, ...members]) await person.updates()
  return { id, peer: { _: 'inputPeerChat', chatId: id } }
}
