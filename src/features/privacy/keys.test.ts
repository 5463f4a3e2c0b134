import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, startTestServer, type TestServer } from '../../../test/harness/index.ts'
import { atRest } from '../../domain/message-view.ts'
import type * as tl from '../../tl/gen/types.ts'

/** How the one who looks stands to the one looked at. */
const RELATIONS = ['contact', 'stranger', 'named', 'member', 'premium'] as const
type Relation = (typeof RELATIONS)[number]

type Keys =
  | 'StatusTimestamp'
  | 'ProfilePhoto'
  | 'PhoneNumber'
  | 'About'
  | 'Birthday'
  | 'PhoneCall'
  | 'VoiceMessages'
  | 'Forwards'

interface Seen {
  user: tl.user
  full: tl.userFull
}

const ONLINE_AT = Date.UTC(2026, 0, 1, 11) / 1000

/** What a key lets be seen, as users.getUsers and users.getFullUser tell it. */
const SEEN: Record<Keys, (seen: Seen) => boolean> = {
  StatusTimestamp: ({ user }) => user.status?._ === 'userStatusOffline' && user.status.wasOnline === ONLINE_AT,
  ProfilePhoto: ({ user, full }) => {
    const id = (user.photo as tl.userProfilePhoto).photoId
    assert.equal(id === 11n, full.profilePhoto !== undefined)
    assert.equal(id === 12n, full.fallbackPhoto !== undefined)
    return id === 11n
  },
  PhoneNumber: ({ user }) => user.phone !== undefined,
  About: ({ full }) => full.about === 'a secret',
  Birthday: ({ full }) => full.birthday?.day === 29,
  PhoneCall: ({ full }) => {
    assert.notEqual(full.phoneCallsAvailable, full.phoneCallsPrivate)
    assert.equal(full.phoneCallsAvailable, full.videoCallsAvailable)
    return full.phoneCallsAvailable === true
  },
  VoiceMessages: ({ full }) => full.voiceMessagesForbidden !== true,
  Forwards: ({ full }) => full.privateForwardName === undefined,
}

type Rule = (people: Record<Relation, Person>, owner: Person, group: number) => tl.InputPrivacyRule[]
const only =
  (...rules: tl.InputPrivacyRule['_'][]): Rule =>
  () =>
    rules.map((_) => ({ _ }) as tl.InputPrivacyRule)

/** Rules, and whom they let through. */
const RULES: { name: string; rules: Rule; through: readonly Relation[] }[] = [
  { name: 'everybody', rules: only('inputPrivacyValueAllowAll'), through: RELATIONS },
  { name: 'nobody', rules: only('inputPrivacyValueDisallowAll'), through: [] },
  {
    name: 'contacts',
    rules: only('inputPrivacyValueAllowContacts', 'inputPrivacyValueDisallowAll'),
    through: ['contact'],
  },
  { name: 'contacts alone', rules: only('inputPrivacyValueAllowContacts'), through: ['contact'] },
  {
    name: 'everybody but contacts',
    rules: only('inputPrivacyValueDisallowContacts', 'inputPrivacyValueAllowAll'),
    through: ['stranger', 'named', 'member', 'premium'],
  },
  {
    name: 'contacts and those with Premium',
    rules: only('inputPrivacyValueAllowContacts', 'inputPrivacyValueAllowPremium', 'inputPrivacyValueDisallowAll'),
    through: ['contact', 'premium'],
  },
  {
    name: 'one user',
    rules: ({ named }, owner) => [
      { _: 'inputPrivacyValueAllowUsers', users: [owner.userOf(named)] },
      { _: 'inputPrivacyValueDisallowAll' },
    ],
    through: ['named'],
  },
  {
    name: 'everybody but one, said last',
    rules: ({ named }, owner) => [
      { _: 'inputPrivacyValueAllowAll' },
      { _: 'inputPrivacyValueDisallowUsers', users: [owner.userOf(named)] },
    ],
    through: ['contact', 'stranger', 'member', 'premium'],
  },
  {
    name: 'a group',
    rules: (_people, _owner, group) => [
      { _: 'inputPrivacyValueAllowChatParticipants', chats: [group] },
      { _: 'inputPrivacyValueDisallowAll' },
    ],
    through: ['member'],
  },
  {
    name: 'everybody but a group, of which one is let through',
    rules: ({ member }, owner, group) => [
      { _: 'inputPrivacyValueAllowUsers', users: [owner.userOf(member)] },
      { _: 'inputPrivacyValueDisallowChatParticipants', chats: [group] },
      { _: 'inputPrivacyValueAllowAll' },
    ],
    through: RELATIONS,
  },
]

/** An account with something to hide behind every key, and one viewer for each relation. */
async function setting(server: TestServer) {
  const [owner, ...others] = await server.people('Owner', ...RELATIONS)
  const people = Object.fromEntries(RELATIONS.map((r, i) => [r, others[i]!])) as Record<Relation, Person>
  const group = 77
  await server.app.store.transact(async (trx) => {
    const date = ONLINE_AT
    for (const id of [11, 12]) {
      const bytes = atRest({
        _: 'photo',
        id: BigInt(id),
        accessHash: 0n,
        fileReference: Buffer.alloc(0),
        date,
        sizes: [],
        dcId: 2,
      })
      await trx
        .insertInto('photo')
        .values({ id, owner: owner!.id, date, tl: bytes, stripped: null, blob_key: '' })
        .execute()
    }
    const hidden = {
      about: 'a secret',
      birth_day: 29,
      birth_month: 2,
      photo_id: 11,
      fallback_photo_id: 12,
      online_until: date,
    }
    await trx.updateTable('user').set(hidden).where('id', '=', owner!.id).execute()
    await trx.updateTable('user').set({ premium: 1 }).where('id', '=', people.premium.id).execute()
    await trx
      .insertInto('chat')
      .values({
        id: group,
        title: 'Group',
        creator: owner!.id,
        photo_id: null,
        date,
        version: 1,
        default_banned: null,
        migrated_to: null,
        count: 2,
        reactions: null,
      })
      .execute()
    for (const user_id of [owner!.id, people.member.id]) {
      await trx
        .insertInto('chat_member')
        .values({ chat_id: group, user_id, inviter: owner!.id, date, rank: null })
        .execute()
    }
  })
  const id = owner!.userOf(people.contact)
  await owner!.call('contacts.addContact', { id, firstName: 'Contact', lastName: '', phone: '' })
  return { owner: owner!, people, group }
}

async function look(viewer: Person, owner: Person): Promise<Seen> {
  const id = viewer.userOf(owner)
  const [user] = await viewer.call('users.getUsers', { id: [id] })
  const { fullUser } = await viewer.call('users.getFullUser', { id })
  return { user: user as tl.user, full: fullUser }
}

for (const { name, rules, through } of RULES) {
  test(`${name}: for every key, everybody sees what they may`, async () => {
    await using server = await startTestServer()
    const { owner, people, group } = await setting(server)
    for (const key of Object.keys(SEEN) as Keys[]) {
      await owner.call('account.setPrivacy', {
        key: { _: `inputPrivacyKey${key}` },
        rules: rules(people, owner, group),
      })
    }
    for (const relation of RELATIONS) {
      const seen = await look(people[relation], owner)
      for (const key of Object.keys(SEEN) as Keys[]) {
        assert.equal(SEEN[key](seen), through.includes(relation), `${key} for the ${relation}`)
      }
    }
    const own = await look(owner, owner)
    assert.equal(own.full.about, 'a secret')
    assert.equal(own.user.phone, owner.phone)
    assert.equal((own.user.photo as tl.userProfilePhoto).photoId, 11n)
    assert.equal(own.user.status?._, 'userStatusOffline')
  })
}

test('the defaults: phone and birthday for contacts, the rest for everybody', async () => {
  await using server = await startTestServer()
  const { owner, people } = await setting(server)
  for (const relation of ['contact', 'stranger'] as const) {
    const seen = await look(people[relation], owner)
    for (const key of Object.keys(SEEN) as Keys[]) {
      const forContacts = key === 'PhoneNumber' || key === 'Birthday'
      assert.equal(SEEN[key](seen), relation === 'contact' || !forContacts, `${key} for the ${relation}`)
    }
  }
})

test('who is blocked sees neither photo nor status, about or birthday, and cannot call', async () => {
  await using server = await startTestServer()
  const { owner, people } = await setting(server)
  await owner.call('contacts.block', { id: owner.peerOf(people.contact) })
  const seen = await look(people.contact, owner)
  for (const key of ['StatusTimestamp', 'ProfilePhoto', 'About', 'Birthday', 'PhoneCall'] as const) {
    assert.equal(SEEN[key](seen), false, key)
  }
  assert.deepEqual(seen.user.status, { _: 'userStatusEmpty' })
})

test('last seen is given in return only, except to those with Premium', async () => {
  await using server = await startTestServer()
  const { owner, people } = await setting(server)
  const { stranger, premium } = people
  const key = { _: 'inputPrivacyKeyStatusTimestamp' } as const
  for (const one of [stranger, premium]) {
    await one.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueDisallowAll' }] })
  }
  assert.deepEqual((await look(stranger, owner)).user.status, { _: 'userStatusRecently', byMe: true })
  assert.equal((await look(premium, owner)).user.status?._, 'userStatusOffline')
  await stranger.call('account.setPrivacy', {
    key,
    rules: [{ _: 'inputPrivacyValueAllowUsers', users: [stranger.userOf(owner)] }],
  })
  assert.equal((await look(stranger, owner)).user.status?._, 'userStatusOffline')
  await owner.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueDisallowAll' }] })
  const steps = [
    [0, { _: 'userStatusRecently' }],
    [3, { _: 'userStatusLastWeek' }],
    [7, { _: 'userStatusLastMonth' }],
    [30, { _: 'userStatusEmpty' }],
  ] as const
  const start = server.clock.now()
  for (const [days, status] of steps) {
    server.clock.advance(days * 86_400 - (server.clock.now() - start) / 1000)
    const { user } = await look(stranger, owner)
    assert.deepEqual({ _: user.status?._ }, status)
  }
})
