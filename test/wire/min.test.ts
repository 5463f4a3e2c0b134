import assert from 'node:assert/strict'
import { picture, upload } from '../harness/files.ts'
import { type Person, startTestServer, test } from '../harness/index.ts'
import { Clients, LIBRARIES, targetOf, until, type WireClient } from './index.ts'
import { type Plain, peer, user } from './plain.ts'
import { CHANNELS, call, listed, randomId } from './scene.ts'

interface Place {
  id: number
  accessHash: bigint
}

/** A channel of Alice's, or a group, as she names it. */
async function make(alice: Person, what: 'megagroup' | 'broadcast'): Promise<Place> {
  const made = (await alice.call('channels.createChannel', { [what]: true, title: what, about: '' })) as Plain
  return made.chats[0]
}
const inputOf = ({ id, accessHash }: Place) => ({ _: 'inputChannel' as const, channelId: id, accessHash })
const peerOf = ({ id, accessHash }: Place) => ({ _: 'inputPeerChannel' as const, channelId: id, accessHash })

/** What Telethon does behind its lines of JSON, with a library that takes any request. */
async function meet(who: WireClient, where: number, id: number, userId: number, text: string) {
  if (who.meet) return who.meet(where, id, userId, text)
  const seenIn = { peer: peer(where), msgId: id, userId }
  const asked = await call(who, { _: 'users.getFullUser', id: { _: 'inputUserFromMessage', ...seenIn } })
  const { firstName, photo } = asked.users[0]
  const named = { _: 'inputPeerUserFromMessage', ...seenIn }
  const location = { _: 'inputPeerPhotoFileLocation', peer: named, photoId: BigInt(photo.photoId) }
  const file = await call(who, { _: 'upload.getFile', location, offset: 0, limit: 65_536 })
  await call(who, { _: 'messages.sendMessage', peer: named, message: text, randomId: randomId() })
  return { firstName: firstName as string, photo: Buffer.from(file.bytes) }
}

async function comment(who: WireClient, where: number, post: number, answered: number, text: string): Promise<void> {
  if (who.comment) return who.comment(where, post, answered, text)
  const found = await call(who, { _: 'messages.getDiscussionMessage', peer: peer(where), msgId: post })
  const group = CHANNELS - found.messages[0].peerId.channelId
  const replyTo = { _: 'inputReplyToMessage', replyToMsgId: answered }
  await call(who, { _: 'messages.sendMessage', peer: peer(group), message: text, randomId: randomId(), replyTo })
}

test('every library answers a stranger that it was shown as min, opens them, downloads their photo and writes to them', async () => {
  await using server = await startTestServer({ online: true })
  const [alice, carol] = await server.people('Alice', 'Carol')
  await carol.call('photos.uploadProfilePhoto', { file: await upload(carol, await picture(640, 640)) })
  const libraries = LIBRARIES.filter((library) => !/^telegram-/.test(library))
  for (const [i, library] of libraries.entries()) {
    const news = await make(alice, 'broadcast')
    const group = await make(alice, 'megagroup')
    await alice.call('channels.setDiscussionGroup', { broadcast: inputOf(news), group: inputOf(group) })
    const { link } = (await alice.call('messages.exportChatInvite', { peer: peerOf(group) })) as Plain as {
      link: string
    }
    const joined = (await carol.call('messages.importChatInvite', { hash: link.split('+')[1]! })) as Plain
    const talk = peerOf(joined.updates.chats.find((chat: Plain) => chat.id === group.id))
    const where = CHANNELS - news.id
    await using clients = new Clients()
    const phone = `9996624${String(i).padStart(3, '0')}`
    const bob = await clients.open(library, { target: targetOf(server.server), phone, firstName: 'Bob' })
    const users = [{ _: 'inputUser' as const, userId: bob.id, accessHash: server.hashFor(alice, bob.id) }]
    await alice.call('channels.inviteToChannel', { channel: inputOf(news), users })
    await listed(bob, where)
    const post = await alice.say(peerOf(news), `for ${library}`)
    await until('the post is pushed', () => bob.pushed.some((m) => m.text === `for ${library}`))
    const found = await alice.call('messages.getDiscussionMessage', { peer: peerOf(news), msgId: post })
    const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: found.messages[0]!.id }
    const sent = (await carol.call('messages.sendMessage', {
      ...{ peer: talk, message: 'a comment', replyTo, randomId: randomId() },
    })) as Plain
    const said = sent.updates.find((u: Plain) => u._ === 'updateMessageID').id as number
    // The post comes with the picture of who commented.
    await alice.call('messages.editMessage', { peer: peerOf(news), id: post, message: `edited for ${library}` })
    await server.quiet()
    if (library === 'telethon') assert.equal(await bob.isKnown!(carol.id), false, 'it keeps no hash of min users')
    if (library === 'mtcute') {
      // It takes the hash of a min user with an empty number for a good one, as the documentation has it.
      const asked = { _: 'users.getFullUser', id: user(carol.id) }
      const opened = await until('it knows her', () => call(bob, asked).catch(() => undefined))
      assert.equal(opened.users[0].firstName, 'Carol')
    }
    await carol.updates()
    const met = await meet(bob, where, post, carol.id, `hello from ${library}`)
    assert.equal(met.firstName, 'Carol')
    assert.deepEqual([...met.photo.subarray(0, 2)], [0xff, 0xd8], 'a picture')
    assert.deepEqual(await carol.texts(), [`hello from ${library}`])
    await comment(bob, where, post, said, `reply from ${library}`)
    const [heard] = await carol.updatesOf('updateNewChannelMessage')
    const { message, replyTo: header } = heard!.message as Plain
    assert.deepEqual([message, header.replyToMsgId], [`reply from ${library}`, said])
  }
})
