import { type Person, unpack } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { makeChannel, nameChannel, type TestChannel } from '../channels/test-channel.ts'

/** A public channel that takes direct messages, and its monoforum; what its making told people has been taken. */
export async function makeDirect(
  creator: Person,
  ...members: Person[]
): Promise<{ channel: TestChannel; direct: TestChannel }> {
  const channel = await makeChannel('channel', creator, ...members)
  await creator.call('channels.updateUsername', { channel: channel.of(creator), username: `direct_${channel.id}_x` })
  const answer = (await creator.call('channels.updatePaidMessagesPrice', {
    channel: channel.of(creator),
    broadcastMessagesAllowed: true,
    sendPaidMessagesStars: 0n,
  })) as tl.updates
  const made = answer.chats.find((chat) => chat._ === 'channel' && chat.monoforum)!
  for (const person of [creator, ...members]) await person.updates()
  return { channel, direct: nameChannel(made.id) }
}

/** How an administrator names the direct messages with somebody. */
export const replyIn = (admin: Person, user: Person): tl.inputReplyToMonoForum => ({
  _: 'inputReplyToMonoForum',
  monoforumPeerId: admin.peerOf(user),
})

let n = 1n
/** Answers somebody in the channel's name; gives the message's id. */
export async function answerIn(
  admin: Person,
  direct: TestChannel,
  user: Person,
  message: string,
  more: Partial<tl.Methods['messages.sendMessage']['params']> = {},
): Promise<number> {
  const sent = { peer: direct.peer(admin), message, randomId: ++n, replyTo: replyIn(admin, user), ...more }
  return unpack(await admin.call('messages.sendMessage', sent)).find((u) => u._ === 'updateMessageID').id
}
