// That what older clients say and are told keeps its meaning, by examples: a client of the layer is played with that
// layer's own schema.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methodInfo, readObject, readRequest, type tl, writeObject, writeResult } from '../index.ts'
import { LayerSchema, writeBySchema } from './schema-reader.ts'

const schemas = new Map<number, LayerSchema>()
const schema = (layer: number) => {
  if (!schemas.has(layer)) schemas.set(layer, new LayerSchema(layer))
  return schemas.get(layer)!
}
/** What the server reads of what a client of a layer sends. */
const sent = (layer: number, o: any) => {
  const find = (name: string) => schema(layer).byName.get(name)!
  return readObject(writeBySchema(find(o._), o, find))
}
/** What a client of a layer reads of what the server sends. */
const told = (layer: number, o: any) => schema(layer).read(writeObject(o, layer))

const peer = { _: 'inputPeerUser', userId: 5, accessHash: 6n }
const user = { _: 'inputUser', userId: 5, accessHash: 6n }
const channel = { _: 'inputChannel', channelId: 7, accessHash: 8n }
const text = (text: string) => ({ _: 'textWithEntities', text, entities: [] })

test('a reply by message id is a reply', () => {
  const message = { _: 'messages.sendMessage', peer, message: 'hi', randomId: 1n }
  assert.deepEqual(sent(145, { ...message, replyToMsgId: 9 }), {
    ...message,
    replyTo: { _: 'inputReplyToMessage', replyToMsgId: 9 },
  })
  assert.deepEqual(sent(150, { ...message, replyToMsgId: 9, topMsgId: 3 }).replyTo, {
    _: 'inputReplyToMessage',
    replyToMsgId: 9,
    topMsgId: 3,
  })
  // Into a topic without replying: its first message is what is replied to.
  assert.deepEqual(sent(150, { ...message, topMsgId: 3 }).replyTo, {
    _: 'inputReplyToMessage',
    replyToMsgId: 3,
    topMsgId: 3,
  })
  assert.deepEqual(sent(145, message), message)
  assert.deepEqual(sent(163, { ...message, replyTo: { _: 'inputReplyToStory', userId: user, storyId: 4 } }).replyTo, {
    _: 'inputReplyToStory',
    peer,
    storyId: 4,
  })
  assert.equal(sent(165, { _: 'messages.saveDraft', peer, message: '', replyToMsgId: 9 }).replyTo.replyToMsgId, 9)
})

test('a method with another name is its heir', () => {
  const topics = sent(150, {
    _: 'channels.getForumTopics',
    channel,
    offsetDate: 0,
    offsetId: 0,
    offsetTopic: 0,
    limit: 10,
  })
  assert.deepEqual(topics, {
    _: 'messages.getForumTopics',
    peer: { _: 'inputPeerChannel', channelId: 7, accessHash: 8n },
    offsetDate: 0,
    offsetId: 0,
    offsetTopic: 0,
    limit: 10,
  })
  assert.deepEqual(sent(172, { _: 'users.getIsPremiumRequiredToContact', id: [user] }), {
    _: 'users.getRequirementsToContact',
    id: [user],
  })
  assert.deepEqual(sent(160, { _: 'stories.readStories', userId: user, maxId: 3 }), {
    _: 'stories.readStories',
    peer,
    maxId: 3,
  })
})

test('an answer has the type that the older client waits for', () => {
  const result = (method: string, value: any, layer: number, type: string) =>
    schema(layer).readResult(type, writeResult(method as any, value as never, layer))
  assert.notEqual(methodInfo('users.getRequirementsToContact')!.result, 'Vector<Bool>')
  const requirements = [{ _: 'requirementToContactPremium' }, { _: 'requirementToContactEmpty' }]
  assert.deepEqual(result('users.getRequirementsToContact', requirements, 180, 'Vector<Bool>'), [true, false])
  const updates = { _: 'updates', updates: [], users: [], chats: [], date: 1, seq: 0 }
  const invited = { _: 'messages.invitedUsers', updates, missingInvitees: [] }
  assert.deepEqual(result('messages.createChat', invited, 160, 'Updates'), updates)
  assert.deepEqual(result('messages.createChat', invited, 200, 'messages.InvitedUsers'), invited)
  const filters = { _: 'messages.dialogFilters', filters: [{ _: 'dialogFilterDefault' }] }
  assert.deepEqual(result('messages.getDialogFilters', filters, 158, 'Vector<DialogFilter>'), filters.filters)
  const joined = { _: 'messages.chatInviteJoinResultOk', updates }
  assert.deepEqual(result('messages.importChatInvite', joined, 198, 'Updates'), updates)
})

test('reactions of layer 144 are emoji in strings', () => {
  assert.deepEqual(sent(144, { _: 'messages.sendReaction', peer, msgId: 1, reaction: '👍' }).reaction, [
    { _: 'reactionEmoji', emoticon: '👍' },
  ])
  assert.deepEqual(sent(144, { _: 'messages.sendReaction', peer, msgId: 1, reaction: '' }).reaction, [])
  const reactions = {
    _: 'messageReactions',
    results: [
      { _: 'reactionCount', chosenOrder: 0, reaction: { _: 'reactionEmoji', emoticon: '👍' }, count: 2 },
      { _: 'reactionCount', reaction: { _: 'reactionCustomEmoji', documentId: 1n }, count: 3 },
      { _: 'reactionCount', reaction: { _: 'reactionPaid' }, count: 4 },
    ],
  }
  assert.deepEqual(told(144, reactions).results, [{ _: 'reactionCount', chosen: true, reaction: '👍', count: 2 }])
  assert.equal(told(170, reactions).results.length, 2)
  assert.equal(told(186, reactions).results.length, 3)
})

test('a folder has a title, with or without entities', () => {
  const filter = { _: 'dialogFilter', id: 2, title: text('Work'), pinnedPeers: [], includePeers: [], excludePeers: [] }
  assert.equal(told(195, filter).title, 'Work')
  assert.deepEqual(told(198, filter).title, text('Work'))
  const update = { _: 'messages.updateDialogFilter', id: 2, filter: { ...filter, title: 'Work' } }
  assert.deepEqual(sent(195, update).filter, filter)
})

test('buttons are constructors before layer 229, and types from then on', () => {
  const style = { _: 'keyboardButtonStyle', bgDanger: true }
  const markup = {
    _: 'replyInlineMarkup',
    rows: [
      {
        _: 'keyboardInlineButtonRow',
        buttons: [
          { _: 'keyboardInlineButton', text: 'a', type: { _: 'inlineButtonTypeUrl', url: 'https://example.org' } },
          {
            _: 'keyboardInlineButton',
            text: 'b',
            style,
            type: { _: 'inlineButtonTypeCallback', requiresPassword: true, data: new Uint8Array([1]) },
          },
        ],
      },
    ],
  }
  const a = { _: 'keyboardButtonUrl', text: 'a', url: 'https://example.org' }
  const b = { _: 'keyboardButtonCallback', requiresPassword: true, text: 'b', data: new Uint8Array([1]) }
  const row = (...buttons: any[]) => ({ _: 'keyboardButtonRow', buttons })
  assert.deepEqual(told(198, markup), { _: 'replyInlineMarkup', rows: [row(a, b)] })
  assert.deepEqual(told(225, markup), { _: 'replyInlineMarkup', rows: [row(a, { ...b, style })] })
  assert.deepEqual(sent(225, { _: 'replyInlineMarkup', rows: [row(a, { ...b, style })] }), markup)

  const keyboard = {
    _: 'replyKeyboardMarkup',
    resize: true,
    rows: [
      row(
        { _: 'keyboardButton', text: 'a', type: { _: 'buttonTypeDefault' } },
        { _: 'keyboardButton', text: 'b', type: { _: 'buttonTypeRequestPhone' } },
      ),
    ],
  }
  const old = {
    ...keyboard,
    rows: [row({ _: 'keyboardButton', text: 'a' }, { _: 'keyboardButtonRequestPhone', text: 'b' })],
  }
  assert.deepEqual(told(144, keyboard), old)
  assert.deepEqual(sent(144, old), keyboard)
})

test('updates that a layer lacks are left out, and single ones leave an empty update', () => {
  const story = { _: 'updateReadStories', peer: { _: 'peerUser', userId: 1 }, maxId: 2 }
  const config = { _: 'updateConfig' }
  const updates = { _: 'updates', updates: [story, config], users: [], chats: [], date: 5, seq: 0 }
  assert.deepEqual(told(150, updates).updates, [config])
  assert.deepEqual(told(160, updates).updates, [{ _: 'updateReadStories', userId: 1, maxId: 2 }, config])
  assert.deepEqual(told(150, { _: 'updateShort', update: story, date: 5 }), { ...updates, updates: [] })
  const privacy = { _: 'updatePrivacy', key: { _: 'privacyKeyBirthday' }, rules: [] }
  assert.deepEqual(told(150, { ...updates, updates: [privacy] }).updates, [])
})

test('media, actions and entities that a layer lacks have their stand-ins', () => {
  const message = {
    _: 'message',
    id: 1,
    peerId: { _: 'peerUser', userId: 1 },
    date: 1,
    message: 'at nine',
    media: { _: 'messageMediaStory', peer: { _: 'peerUser', userId: 1 }, id: 3 },
    entities: [
      { _: 'messageEntityBold', offset: 0, length: 2 },
      { _: 'messageEntityFormattedDate', offset: 3, length: 4, date: 5 },
    ],
    replyTo: { _: 'messageReplyStoryHeader', peer: { _: 'peerUser', userId: 1 }, storyId: 3 },
  }
  const old = told(150, message)
  assert.deepEqual(old.media, { _: 'messageMediaUnsupported' })
  assert.deepEqual(old.entities, [message.entities[0]])
  assert.equal(old.replyTo, undefined)
  assert.deepEqual(told(163, message).media, { _: 'messageMediaStory', userId: 1, id: 3 })
  const service = {
    _: 'messageService',
    id: 1,
    peerId: { _: 'peerUser', userId: 1 },
    date: 1,
    action: { _: 'messageActionBoostApply', boosts: 1 },
  }
  assert.deepEqual(told(150, service).action, { _: 'messageActionEmpty' })
  assert.deepEqual(told(174, service).action, service.action)
})

test('names, colors and presence of people', () => {
  const alice = {
    _: 'user',
    id: 5,
    usernames: [{ _: 'username', editable: true, active: true, username: 'alice' }],
    color: { _: 'peerColor', color: 3, backgroundEmojiId: 9n },
    storiesMaxId: { _: 'recentStory', maxId: 4 },
    emojiStatus: { _: 'emojiStatus', documentId: 7n, until: 99 },
  } as tl.user
  assert.equal(told(147, alice).username, 'alice')
  assert.equal(told(148, alice).username, undefined)
  assert.equal(told(166, alice).color, 3)
  assert.equal(told(166, alice).backgroundEmojiId, 9n)
  assert.deepEqual(told(198, alice).color, alice.color)
  assert.equal(told(198, alice).storiesMaxId, 4)
  assert.deepEqual(told(198, alice).emojiStatus, alice.emojiStatus)
  assert.deepEqual(told(160, alice).emojiStatus, { _: 'emojiStatusUntil', documentId: 7n, until: 99 })
  const blocked = { _: 'updatePeerBlocked', peerId: { _: 'peerUser', userId: 1 } }
  assert.equal(told(160, blocked).blocked, false)
})

test('polls: texts, and answers that are options or indices', () => {
  const answers = ['a', 'b'].map((t) => ({ _: 'pollAnswer', text: t, option: new Uint8Array(Buffer.from(t)) }))
  const poll = { _: 'poll', id: 0n, quiz: true, question: 'q?', answers }
  const media = { _: 'inputMediaPoll', poll, correctAnswers: [answers[1]!.option] }
  const read = sent(170, media)
  assert.deepEqual(read.poll.question, text('q?'))
  assert.deepEqual(read.poll.answers[0].text, text('a'))
  assert.deepEqual(read.correctAnswers, [1])
})

test('the layer of a request shows in its id alone: wrappers may be of any', () => {
  const old = writeBySchema(
    schema(150).byName.get('messages.sendMessage')!,
    { _: 'messages.sendMessage', peer, message: 'x', randomId: 1n, replyToMsgId: 2 },
    (name) => schema(150).byName.get(name)!,
  )
  const request = readRequest(writeObject({ _: 'invokeWithLayer', layer: 150, query: old } as tl.TlObject))
  assert.equal(request.query.replyTo.replyToMsgId, 2)
})
