import assert from 'node:assert/strict'
import { makeChannel, nameChannel, type TestChannel } from '../../src/features/channels/test-channel.ts'
import { makeGroup } from '../../src/features/messages/test-group.ts'
import type * as tl from '../../src/tl/gen/types.ts'
import { picture, uploadDocument, uploadPhoto } from '../harness/files.ts'
import type { Person, TestServer } from '../harness/index.ts'
import { idOf, poll } from './actions.ts'
import { banned, type Kind, only, type Role } from './roles.ts'

/** Messages of a place that somebody can name. */
interface Messages {
  mine: number
  theirs: number
  deletable: number
  poll: number
}

const allowed = banned()
let count = 1n << 40n

/** Files of the caller's own, one of every kind that rights tell apart. */
export async function mediaOf(who: Person): Promise<Record<string, tl.InputMedia>> {
  const image = await picture(16, 16)
  const { id, accessHash, fileReference } = await uploadPhoto(who, image)
  const media: Record<string, tl.InputMedia> = {
    photo: { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } },
  }
  const video = { _: 'documentAttributeVideo' as const, duration: 1, w: 16, h: 16 }
  const audio = { _: 'documentAttributeAudio' as const, duration: 1 }
  const kinds: Record<string, [mimeType: string, attributes: tl.DocumentAttribute[]]> = {
    video: ['video/mp4', [video]],
    round: ['video/mp4', [{ ...video, roundMessage: true }]],
    music: ['audio/mpeg', [audio]],
    voice: ['audio/ogg', [{ ...audio, voice: true }]],
    file: ['application/octet-stream', []],
    gif: ['video/mp4', [video, { _: 'documentAttributeAnimated' }]],
  }
  for (const [name, [mimeType, attributes]] of Object.entries(kinds)) {
    const made = await uploadDocument(who, Buffer.from(name), { mimeType, attributes, nosoundVideo: name === 'gif' })
    const { id, accessHash, fileReference } = made
    media[name] = { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } }
  }
  return media
}

/** A place, its owner, and somebody whose role in it changes. */
export class Place {
  readonly kind: Kind
  readonly owner: Person
  readonly actor: Person
  /** A member of whom things are done, and somebody who is not there. */
  readonly other: Person
  readonly guest: Person
  media: Record<string, tl.InputMedia> = {}
  /** Forums: a topic of the owner's. */
  topic = 0
  /** A message in each one's own saved messages. */
  saved = 0
  #named!: { id: number; peer(who: Person): tl.InputPeer; of?: TestChannel['of'] }
  #messages = new Map<number, Messages>()

  private constructor(kind: Kind, people: readonly [Person, Person, Person, Person]) {
    this.kind = kind
    ;[this.owner, this.actor, this.other, this.guest] = people
  }

  static async make(server: TestServer, kind: Kind): Promise<Place> {
    const people = await server.people('Olga', 'Alex', 'Oscar', 'Gus')
    const place = new Place(kind, people)
    const [owner, actor, other] = people
    // Who has left is brought back by somebody they know.
    for (const [who, whom] of [
      [owner, actor],
      [actor, owner],
    ] as const) {
      await who.call('contacts.addContact', { id: who.userOf(whom), firstName: 'X', lastName: '', phone: '' })
    }
    if (kind === 'basic') {
      const { id, peer } = await makeGroup(owner, actor, other)
      place.#named = { id, peer: () => peer }
    } else {
      const channel = await makeChannel(kind === 'channel' ? 'channel' : 'group', owner, actor, other)
      place.#named = channel
      if (kind === 'comments') await place.#link()
      if (kind === 'group')
        await owner.call('channels.toggleParticipantsHidden', { channel: channel.of(owner), enabled: true })
    }
    if (kind === 'forum') {
      const channel = place.channel(owner)
      await owner.call('channels.toggleForum', { channel, enabled: true, tabs: false })
      const topic = { peer: place.peer(owner), title: 'News', randomId: ++count }
      place.topic = idOf(await owner.call('messages.createForumTopic', topic))
    }
    if (kind !== 'channel') await place.restoreDefaults()
    return place
  }

  get id(): number {
    return this.#named.id
  }
  peer(who: Person): tl.InputPeer {
    return this.#named.peer(who)
  }
  channel(who: Person): tl.inputChannel {
    return this.#named.of!(who)
  }
  of(who: Person): Messages {
    return this.#messages.get(who.id)!
  }

  async #link(): Promise<void> {
    const { owner } = this
    const made = (await owner.call('channels.createChannel', { broadcast: true, title: 'C', about: '' })) as tl.updates
    const channel = nameChannel(made.chats[0]!.id)
    const username = 'the_channel_of_comments'
    await owner.call('channels.updateUsername', { channel: channel.of(owner), username })
    await owner.call('channels.setDiscussionGroup', { broadcast: channel.of(owner), group: this.channel(owner) })
  }

  async setDefaults(bannedRights: tl.ChatBannedRights): Promise<void> {
    const { owner } = this
    await owner
      .call('messages.editChatDefaultBannedRights', { peer: this.peer(owner), bannedRights })
      .catch((error) => assert.equal(error.type, 'CHAT_NOT_MODIFIED'))
  }

  #defaults: tl.ChatBannedRights = allowed
  restoreDefaults(): Promise<void> {
    return this.setDefaults(this.#defaults)
  }

  async demote(user: Person): Promise<void> {
    const { owner } = this
    const userId = owner.userOf(user)
    if (this.kind === 'basic') await owner.call('messages.editChatAdmin', { chatId: this.id, userId, isAdmin: false })
    else await owner.call('channels.editAdmin', { channel: this.channel(owner), userId, adminRights: only(), rank: '' })
  }

  async #ban(user: Person, bannedRights: tl.ChatBannedRights): Promise<void> {
    const { owner } = this
    const participant = owner.peerOf(user)
    await owner.call('channels.editBanned', { channel: this.channel(owner), participant, bannedRights })
  }
  unban(user: Person): Promise<void> {
    return this.#ban(user, allowed)
  }

  async remove(user: Person): Promise<void> {
    const { owner } = this
    if (this.kind === 'basic') {
      await owner.call('messages.deleteChatUser', { chatId: this.id, userId: owner.userOf(user) })
      return
    }
    await this.#ban(user, banned('viewMessages'))
    await this.unban(user)
  }

  delete(who: Person, id: number): Promise<unknown> {
    if (this.kind === 'basic') return who.call('messages.deleteMessages', { id: [id], revoke: true })
    return who.call('channels.deleteMessages', { channel: this.channel(who), id: [id] })
  }

  /** Gives the actor a role. @returns who has it: the owner where it is the creator's */
  async give(role: Role): Promise<Person> {
    const { owner, actor, kind } = this
    await this.#comeIn()
    const who = role.is === 'creator' ? owner : actor
    await this.#speak(who)
    if (role.is === 'admin') {
      const [userId, rank] = [owner.userOf(actor), '']
      if (kind === 'basic') await owner.call('messages.editChatAdmin', { chatId: this.id, userId, isAdmin: true })
      else {
        const adminRights = only(role.right)
        await owner.call('channels.editAdmin', { channel: this.channel(owner), userId, adminRights, rank })
      }
    } else if (role.is === 'banned') await this.#ban(actor, banned(role.from))
    else if (role.is === 'default') {
      this.#defaults = banned(role.from)
      await this.restoreDefaults()
    } else if (role.is === 'left') {
      if (kind === 'basic') {
        await actor.call('messages.deleteChatUser', { chatId: this.id, userId: { _: 'inputUserSelf' } })
      } else await actor.call('channels.leaveChannel', { channel: this.channel(actor) })
    } else if (role.is === 'kicked') {
      if (kind === 'basic') await this.remove(actor)
      else await this.#ban(actor, banned('viewMessages'))
    }
    return who
  }

  /** Makes a plain member of the actor again. */
  async #comeIn(): Promise<void> {
    const { owner, actor } = this
    if (this.kind !== 'channel') {
      this.#defaults = allowed
      await this.restoreDefaults()
    }
    if (this.kind === 'basic') {
      await this.demote(actor).catch(() => {})
      const add = { chatId: this.id, userId: owner.userOf(actor), fwdLimit: 0 }
      await owner
        .call('messages.addChatUser', add)
        .catch((error) => assert.equal(error.type, 'USER_ALREADY_PARTICIPANT'))
      return
    }
    await this.demote(actor)
    await this.unban(actor)
    await owner.call('channels.inviteToChannel', { channel: this.channel(owner), users: [owner.userOf(actor)] })
  }

  /** Fresh messages: one of the caller's, two of others, a poll. */
  async #speak(who: Person): Promise<void> {
    const from = this.kind === 'channel' || who.id !== this.owner.id ? this.owner : this.other
    const say = async (person: Person) =>
      idOf(await person.call('messages.sendMessage', { peer: this.peer(person), message: 'said', randomId: ++count }))
    const ask = async () => {
      const question = { peer: this.peer(from), media: poll, message: '', randomId: ++count }
      return idOf(await from.call('messages.sendMedia', question))
    }
    if (this.kind !== 'basic') {
      const mine = this.kind === 'channel' ? 0 : await say(who)
      const ids = { mine, theirs: await say(from), deletable: await say(from), poll: await ask() }
      this.#messages.set(who.id, ids)
      return
    }
    const mine = await say(who)
    for (const one of [say, say, ask]) await one(from)
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 3, maxId: 0, minId: 0, hash: 0n }
    const found = await who.call('messages.getHistory', { peer: this.peer(who), ...page })
    const ids = (found as tl.messages_messages).messages.map((message) => message.id)
    this.#messages.set(who.id, { mine, theirs: ids[2]!, deletable: ids[1]!, poll: ids[0]! })
  }
}
