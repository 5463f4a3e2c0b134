import type { Person } from '../../../test/harness/index.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import type { TestChannel } from '../channels/test-channel.ts'

/** A community of a test: how each of its people names it. */
export interface Community {
  id: number
  of(who: Person): tl.inputChannel
}

/** A community that begins with a chat of its creator's. */
export async function makeCommunity(who: Person, first: TestChannel, hidden = false): Promise<Community> {
  const answer = await who.call('communities.create', {
    title: 'Town',
    about: 'All of it',
    peer: first.peer(who),
    hidden,
  })
  const made = (answer as tl.updates).chats.find((chat) => chat._ === 'community')!
  const hash = (person: Person) => accessHash(new Context(person.server.app, person.id), 'channel', made.id)
  return { id: made.id, of: (person) => ({ _: 'inputChannel', channelId: made.id, accessHash: hash(person) }) }
}
