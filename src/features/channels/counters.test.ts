import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'

const PEOPLE = 100

test('a hundred clients at once: views, forwards, replies and reactions are counted exactly', async () => {
  await using server = await startTestServer()
  const [alice, ...people] = await server.people(...Array.from({ length: PEOPLE + 1 }, (_, i) => `Person${i}`))
  const create = async (more: object) => {
    const made = (await alice!.call('channels.createChannel', { about: '', title: 'Counted', ...more })) as any
    return made.chats[0] as { id: number; accessHash: bigint }
  }
  const group = await create({ megagroup: true })
  const channel = await create({ broadcast: true })
  const named = (at: { id: number; accessHash: bigint }) => ({ channelId: at.id, accessHash: at.accessHash })
  const links = new Map<number, string>()
  for (const at of [group, channel]) {
    const peer = { _: 'inputPeerChannel' as const, ...named(at) }
    const { link } = (await alice!.call('messages.exportChatInvite', { peer })) as any
    links.set(at.id, link.replace(/^.*[+/]/, ''))
  }
  const send = async (who: typeof alice, peer: object, message: string, id: number, more: object = {}) => {
    const sent = (await who!.call('messages.sendMessage', {
      peer,
      message,
      randomId: BigInt(id),
      ...more,
    } as any)) as any
    return sent.updates.find((u: any) => u._ === 'updateMessageID').id as number
  }
  const inGroup = await send(alice, { _: 'inputPeerChannel', ...named(group) }, 'Said in the group', 1)
  const post = await send(alice, { _: 'inputPeerChannel', ...named(channel) }, 'A post', 2)

  await Promise.all(
    people.map(async (person, i) => {
      const peers = new Map<number, { channelId: number; accessHash: bigint }>()
      for (const [id, hash] of links) {
        const came = (await person.call('messages.importChatInvite', { hash })) as any
        const chat = (came.updates ?? came).chats.find((c: any) => c.id === id)
        peers.set(id, { channelId: id, accessHash: chat.accessHash })
      }
      const theGroup = { _: 'inputPeerChannel' as const, ...peers.get(group.id)! }
      const theChannel = { _: 'inputPeerChannel' as const, ...peers.get(channel.id)! }
      const reaction = [{ _: 'reactionEmoji' as const, emoticon: i % 2 === 0 ? '👍' : '❤' }]
      await Promise.all([
        person.call('messages.getMessagesViews', { peer: theChannel, id: [post], increment: true }),
        person.call('messages.getMessagesViews', { peer: theChannel, id: [post], increment: true }),
        person.call('messages.forwardMessages', {
          fromPeer: theChannel,
          id: [post],
          randomId: [BigInt(1000 + i)],
          toPeer: { _: 'inputPeerSelf' },
        }),
        person.call('messages.sendReaction', { peer: theChannel, msgId: post, reaction }),
        person.call('messages.sendReaction', { peer: theGroup, msgId: inGroup, reaction }),
        send(person, theGroup, 'A reply', 5000 + i, { replyTo: { _: 'inputReplyToMessage', replyToMsgId: inGroup } }),
      ])
    }),
  )

  const message = async (at: { id: number; accessHash: bigint }, id: number) => {
    const found = (await alice!.call('channels.getMessages', {
      channel: { _: 'inputChannel', ...named(at) },
      id: [{ _: 'inputMessageID', id }],
    })) as any
    return found.messages[0]
  }
  const posted = await message(channel, post)
  const [seen] = (
    (await alice!.call('messages.getMessagesViews', {
      peer: { _: 'inputPeerChannel', ...named(channel) },
      id: [post],
      increment: false,
    })) as any
  ).views
  const before = seen.views - PEOPLE
  assert.ok(before === 0 || before === 1, `${seen.views} views: the author's may count, and nobody's twice`)
  assert.equal(posted.views, seen.views)
  assert.equal(posted.forwards, PEOPLE)
  const counts = (view: any) =>
    Object.fromEntries(view.reactions.results.map((r: any) => [r.reaction.emoticon, r.count]))
  assert.deepEqual(counts(posted), { '👍': PEOPLE / 2, '❤': PEOPLE / 2 })
  const said = await message(group, inGroup)
  assert.deepEqual(counts(said), { '👍': PEOPLE / 2, '❤': PEOPLE / 2 })
  assert.equal(said.replies?.replies, PEOPLE)
  const full = (await alice!.call('channels.getFullChannel', {
    channel: { _: 'inputChannel', ...named(group) },
  })) as any
  assert.equal(full.fullChat.participantsCount, PEOPLE + 1)
})
