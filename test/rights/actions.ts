import type * as tl from '../../src/tl/gen/types.ts'
import { type Person, unpack } from '../harness/index.ts'
import type { Place } from './places.ts'
import type { Kind } from './roles.ts'
import { banned, only } from './roles.ts'
import { creates, everybody, manages, type Rule, says, shares, shown } from './rules.ts'

/** Something that somebody tries in a place. */
export interface Action {
  name: string
  rules: Partial<Record<Kind, Rule>>
  act(who: Person, place: Place): Promise<unknown>
  /** Who does not try it. */
  except?: 'creator'
  /** Puts the place back to what it was, after the action was allowed. */
  undo?(place: Place, who: Person): Promise<unknown>
}

let count = 0n
const send = (message = '') => ({ message, randomId: ++count })
const media = (name: string, action: Parameters<typeof says>[0], input: (place: Place) => tl.InputMedia): Action => ({
  name: `sends ${name}`,
  rules: says(action),
  act: (who, place) =>
    who.call('messages.sendMedia', { peer: place.peer(who), media: input(place), ...send('caption') }),
})
const text = (value: string): tl.textWithEntities => ({ _: 'textWithEntities', text: value, entities: [] })
const poll: tl.InputMedia = {
  _: 'inputMediaPoll',
  poll: {
    _: 'poll',
    id: 0n,
    question: text('Which?'),
    answers: ['a', 'b'].map((one) => ({ _: 'pollAnswer', text: text(one), option: Buffer.from(one) })),
    hash: 0n,
  },
}
const geo: tl.InputGeoPoint = { _: 'inputGeoPoint', lat: 1, long: 1 }
const contact = { phoneNumber: '1234567', firstName: 'A', lastName: '', vcard: '' }
const reacting = shown(everybody(['sendReactions'], { sendReactions: 'CHAT_WRITE_FORBIDDEN' }))

export const SAYING: readonly Action[] = [
  {
    name: 'sends a text',
    rules: says('sendPlain'),
    act: (who, place) => who.call('messages.sendMessage', { peer: place.peer(who), ...send('text') }),
  },
  {
    name: 'replies',
    rules: says('sendPlain'),
    act: (who, place) => {
      const replyTo = { _: 'inputReplyToMessage' as const, replyToMsgId: place.of(who).theirs }
      return who.call('messages.sendMessage', { peer: place.peer(who), replyTo, ...send('text') })
    },
  },
  {
    name: 'forwards a text into it',
    rules: says('sendPlain'),
    act: (who, place) => {
      const from = { fromPeer: { _: 'inputPeerSelf' as const }, id: [place.saved], randomId: [++count] }
      return who.call('messages.forwardMessages', { toPeer: place.peer(who), ...from })
    },
  },
  media('a photo', 'sendPhotos', (place) => place.media.photo!),
  media('a video', 'sendVideos', (place) => place.media.video!),
  media('a round video', 'sendRoundvideos', (place) => place.media.round!),
  media('music', 'sendAudios', (place) => place.media.music!),
  media('a voice message', 'sendVoices', (place) => place.media.voice!),
  media('a file', 'sendDocs', (place) => place.media.file!),
  media('a GIF', 'sendGifs', (place) => place.media.gif!),
  media('dice', 'sendStickers', () => ({ _: 'inputMediaDice', emoticon: '🎲' })),
  media('a poll', 'sendPolls', () => poll),
  media('a place', 'sendPlain', () => ({ _: 'inputMediaGeoPoint', geoPoint: geo })),
  media('a contact', 'sendPlain', () => ({ _: 'inputMediaContact', ...contact })),
]

export const DOING: readonly Action[] = [
  {
    name: 'reads the history',
    rules: everybody(),
    act: (who, place) => {
      const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: 0n }
      return who.call('messages.getHistory', { peer: place.peer(who), ...page })
    },
  },
  {
    name: 'forwards a message out of it',
    rules: everybody(),
    act: (who, place) => {
      const into = { toPeer: { _: 'inputPeerSelf' as const }, id: [place.of(who).theirs], randomId: [++count] }
      return who.call('messages.forwardMessages', { fromPeer: place.peer(who), ...into })
    },
  },
  {
    name: 'reacts',
    rules: { ...reacting, basic: { ...reacting.basic, outside: 'CHAT_WRITE_FORBIDDEN' } },
    act: (who, place) => {
      const reaction: tl.Reaction[] = [{ _: 'reactionEmoji', emoticon: '👍' }]
      return who.call('messages.sendReaction', { peer: place.peer(who), msgId: place.of(who).theirs, reaction })
    },
    undo: (place, who) => who.call('messages.sendReaction', { peer: place.peer(who), msgId: place.of(who).theirs }),
  },
  {
    name: 'votes',
    rules: { ...shown(everybody()), basic: { ...everybody().basic, outside: 'PEER_ID_INVALID' } },
    act: (who, place) => {
      const { poll: msgId } = place.of(who)
      return who.call('messages.sendVote', { peer: place.peer(who), msgId, options: [Buffer.from('a')] })
    },
    undo: (place, who) =>
      who.call('messages.sendVote', { peer: place.peer(who), msgId: place.of(who).poll, options: [] }),
  },
  {
    name: 'edits their own',
    rules: {
      basic: { admins: 'all', members: 'all', outside: 'CHAT_WRITE_FORBIDDEN' },
      group: { admins: 'all', members: 'all', outside: 'CHANNEL_PRIVATE' },
      comments: { admins: 'all', members: 'all', outside: undefined },
    },
    act: (who, place) =>
      who.call('messages.editMessage', { peer: place.peer(who), id: place.of(who).mine, message: `edit ${++count}` }),
  },
  {
    name: 'edits another’s',
    rules: {
      basic: {
        admins: 'nobody',
        members: 'none',
        refusal: 'MESSAGE_AUTHOR_REQUIRED',
        outside: 'MESSAGE_AUTHOR_REQUIRED',
      },
      group: { admins: 'nobody', members: 'none', refusal: 'MESSAGE_AUTHOR_REQUIRED', outside: 'CHANNEL_PRIVATE' },
      comments: {
        admins: 'nobody',
        members: 'none',
        refusal: 'MESSAGE_AUTHOR_REQUIRED',
        outside: 'MESSAGE_AUTHOR_REQUIRED',
      },
      channel: { admins: 'editMessages', members: 'none', outside: 'CHANNEL_PRIVATE' },
    },
    act: (who, place) =>
      who.call('messages.editMessage', { peer: place.peer(who), id: place.of(who).theirs, message: `edit ${++count}` }),
  },
  {
    name: 'pins',
    rules: {
      ...shares('pinMessages', 'editMessages'),
      basic: { ...shares('pinMessages').basic, outside: 'CHAT_WRITE_FORBIDDEN' },
    },
    act: (who, place) =>
      who.call('messages.updatePinnedMessage', { peer: place.peer(who), id: place.of(who).theirs, silent: true }),
    undo: (place, who) =>
      who.call('messages.updatePinnedMessage', { peer: place.peer(who), id: place.of(who).theirs, unpin: true }),
  },
  {
    name: 'invites somebody',
    rules: { ...shares('inviteUsers'), channel: manages('inviteUsers').channel },
    act: (who, place) =>
      place.kind === 'basic'
        ? who.call('messages.addChatUser', { chatId: place.id, userId: who.userOf(place.guest), fwdLimit: 10 })
        : who.call('channels.inviteToChannel', { channel: place.channel(who), users: [who.userOf(place.guest)] }),
    undo: (place) => place.remove(place.guest),
  },
  {
    name: 'makes a link',
    rules: { ...manages('inviteUsers'), basic: { ...shares('inviteUsers').basic, outside: 'PEER_ID_INVALID' } },
    act: (who, place) => who.call('messages.exportChatInvite', { peer: place.peer(who), title: 'link' }),
  },
  {
    name: 'sees who asks to join',
    rules: { ...manages('inviteUsers'), basic: { ...shares('inviteUsers').basic, outside: 'PEER_ID_INVALID' } },
    act: (who, place) => {
      const page = { requested: true, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' as const }, limit: 10 }
      return who.call('messages.getChatInviteImporters', { peer: place.peer(who), ...page })
    },
  },
  {
    name: 'changes the title',
    rules: shares('changeInfo'),
    act: (who, place) => {
      const title = `T${++count}`
      if (place.kind === 'basic') return who.call('messages.editChatTitle', { chatId: place.id, title })
      return who.call('channels.editTitle', { channel: place.channel(who), title })
    },
  },
  {
    name: 'changes the description',
    rules: shares('changeInfo'),
    act: (who, place) => who.call('messages.editChatAbout', { peer: place.peer(who), about: `about ${++count}` }),
  },
  {
    name: 'has messages vanish',
    rules: shares('changeInfo'),
    act: (who, place) => who.call('messages.setHistoryTTL', { peer: place.peer(who), period: 86_400 }),
    undo: (place) => place.owner.call('messages.setHistoryTTL', { peer: place.peer(place.owner), period: 0 }),
  },
  {
    name: 'chooses the reactions',
    rules: { ...shares('changeInfo'), basic: { ...shares('changeInfo').basic, outside: 'CHAT_ADMIN_REQUIRED' } },
    act: (who, place) =>
      who.call('messages.setChatAvailableReactions', {
        peer: place.peer(who),
        availableReactions: { _: 'chatReactionsSome', reactions: [{ _: 'reactionEmoji', emoticon: '👍' }] },
      }),
    undo: (place) =>
      place.owner.call('messages.setChatAvailableReactions', {
        peer: place.peer(place.owner),
        availableReactions: { _: 'chatReactionsAll', allowCustom: place.kind !== 'basic' },
      }),
  },
  {
    name: 'protects the content',
    rules: creates(),
    act: (who, place) => who.call('messages.toggleNoForwards', { peer: place.peer(who), enabled: true }),
    undo: (place) => place.owner.call('messages.toggleNoForwards', { peer: place.peer(place.owner), enabled: false }),
  },
  {
    name: 'makes an administrator',
    rules: { ...manages('addAdmins'), basic: { admins: 'creator', members: 'none', outside: 'CHAT_ID_INVALID' } },
    act: (who, place) =>
      place.kind === 'basic'
        ? who.call('messages.editChatAdmin', { chatId: place.id, userId: who.userOf(place.other), isAdmin: true })
        : who.call('channels.editAdmin', {
            channel: place.channel(who),
            userId: who.userOf(place.other),
            adminRights: only('addAdmins'),
            rank: '',
          }),
    undo: (place) => place.demote(place.other),
  },
  {
    name: 'gives a title',
    rules: { ...manages('manageRanks'), channel: undefined } as Action['rules'],
    act: (who, place) =>
      who.call('messages.editChatParticipantRank', {
        peer: place.peer(who),
        participant: who.peerOf(place.other),
        rank: `r${++count}`,
      }),
  },
  {
    name: 'gives themselves a title',
    rules: {
      basic: { admins: 'all', members: ['editRank'], outside: 'CHAT_ID_INVALID' },
      group: { admins: 'all', members: ['editRank'], outside: 'CHANNEL_PRIVATE' },
      comments: { admins: 'all', members: ['editRank'], outside: 'USER_NOT_PARTICIPANT' },
    },
    act: (who, place) =>
      who.call('messages.editChatParticipantRank', {
        peer: place.peer(who),
        participant: { _: 'inputPeerSelf' },
        rank: `r${++count}`,
      }),
  },
  {
    name: 'restricts a member',
    rules: { group: manages('banUsers').group, comments: manages('banUsers').comments } as Action['rules'],
    act: (who, place) =>
      who.call('channels.editBanned', {
        channel: place.channel(who),
        participant: who.peerOf(place.other),
        bannedRights: banned('sendPolls'),
      }),
    undo: (place) => place.unban(place.other),
  },
  {
    name: 'changes what members may',
    rules: { ...manages('banUsers'), channel: undefined } as Action['rules'],
    act: (who, place) =>
      who.call('messages.editChatDefaultBannedRights', {
        peer: place.peer(who),
        bannedRights: { ...banned('sendGames', 'sendInline'), untilDate: 1 },
      }),
    undo: (place) => place.restoreDefaults(),
  },
  {
    name: 'slows the members down',
    rules: { group: manages('banUsers').group, comments: manages('banUsers').comments } as Action['rules'],
    act: (who, place) => who.call('channels.toggleSlowMode', { channel: place.channel(who), seconds: 10 }),
    undo: (place) => place.owner.call('channels.toggleSlowMode', { channel: place.channel(place.owner), seconds: 0 }),
  },
  {
    name: 'sees the members',
    rules: {
      group: { admins: 'all', members: 'none', outside: 'CHANNEL_PRIVATE' },
      channel: { admins: 'all', members: 'none', outside: 'CHANNEL_PRIVATE' },
    },
    act: (who, place) =>
      who.call('channels.getParticipants', {
        channel: place.channel(who),
        filter: { _: 'channelParticipantsRecent' },
        offset: 0,
        limit: 10,
        hash: 0n,
      }),
  },
  {
    name: 'hides the members',
    rules: { comments: manages('banUsers').comments },
    act: (who, place) => who.call('channels.toggleParticipantsHidden', { channel: place.channel(who), enabled: true }),
    undo: (place) =>
      place.owner.call('channels.toggleParticipantsHidden', { channel: place.channel(place.owner), enabled: false }),
  },
  {
    name: 'hides what was before',
    rules: { group: shares('changeInfo').group },
    act: (who, place) => who.call('channels.togglePreHistoryHidden', { channel: place.channel(who), enabled: true }),
    undo: (place) =>
      place.owner.call('channels.togglePreHistoryHidden', { channel: place.channel(place.owner), enabled: false }),
  },
  {
    name: 'has one join before speaking',
    rules: { group: manages('banUsers').group, comments: manages('banUsers').comments },
    act: (who, place) => who.call('channels.toggleJoinToSend', { channel: place.channel(who), enabled: true }),
    undo: (place) =>
      place.owner.call('channels.toggleJoinToSend', { channel: place.channel(place.owner), enabled: false }),
  },
  {
    name: 'has posts signed',
    rules: { channel: manages('changeInfo').channel },
    act: (who, place) =>
      who.call('channels.toggleSignatures', { channel: place.channel(who), signaturesEnabled: true }),
    undo: (place) =>
      place.owner.call('channels.toggleSignatures', { channel: place.channel(place.owner), signaturesEnabled: false }),
  },
  {
    name: 'reads the recent actions',
    rules: {
      group: { admins: 'all', members: 'none', outside: 'CHANNEL_PRIVATE' },
      comments: { admins: 'all', members: 'none', outside: 'CHAT_ADMIN_REQUIRED' },
      channel: { admins: 'all', members: 'none', outside: 'CHANNEL_PRIVATE' },
    },
    act: (who, place) =>
      who.call('channels.getAdminLog', { channel: place.channel(who), q: '', maxId: 0n, minId: 0n, limit: 1 }),
  },
  {
    name: 'deletes all of somebody',
    rules: { group: manages('deleteMessages').group, comments: manages('deleteMessages').comments },
    act: (who, place) =>
      who.call('channels.deleteParticipantHistory', {
        channel: place.channel(who),
        participant: who.peerOf(place.other),
      }),
  },
  {
    name: 'deletes another’s',
    rules: {
      ...manages('deleteMessages', 'deleteMessages', 'MESSAGE_DELETE_FORBIDDEN'),
      basic: {
        admins: 'all',
        members: 'none',
        refusal: 'MESSAGE_DELETE_FORBIDDEN',
        outside: 'MESSAGE_DELETE_FORBIDDEN',
      },
    },
    act: (who, place) => place.delete(who, place.of(who).deletable),
  },
  {
    name: 'deletes their own',
    rules: {
      basic: { admins: 'all', members: 'all', outside: undefined },
      group: { admins: 'all', members: 'all', outside: 'CHANNEL_PRIVATE' },
      comments: { admins: 'all', members: 'all', outside: undefined },
    },
    act: (who, place) => place.delete(who, place.of(who).mine),
  },
  {
    name: 'deletes the whole place',
    rules: { ...creates(), basic: undefined } as Action['rules'],
    // The creator's own try would be the end of the place.
    except: 'creator',
    act: (who, place) => who.call('channels.deleteChannel', { channel: place.channel(who) }),
  },
]

export const idOf = (updates: tl.Updates): number =>
  updates._ === 'updateShortSentMessage' ? updates.id : unpack(updates).find((u) => u._ === 'updateMessageID').id
export { poll }
