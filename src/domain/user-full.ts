import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { seesAds } from './ads.ts'
import { countCommonChats } from './common-chats.ts'
import { photoRow, viewPhoto } from './files.ts'
import { dialogRow } from './message-rows.ts'
import { firstMusic } from './music.ts'
import { notifySettings } from './notify.ts'
import { viewPeerSettings } from './peer-settings.ts'
import { personalChannel } from './personal-channel.ts'
import { type Permissions, permissions } from './privacy.ts'
import { needsPremiumToWrite } from './requirements.ts'
import { translationsDisabled } from './translation-settings.ts'
import type { ContactRow, UserRow } from './user-rows.ts'
import { contactRow, globalPrivacy } from './users.ts'

const ownBlocks = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('block').select('stories').where('owner', '=', p.owner).where('peer', '=', p.peer),
)
const lastPinned = query<{ owner: number; peer: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select('id')
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('pinned', '=', 1)
    .orderBy('id', 'desc')
    .limit(1),
)
const scheduled = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('scheduled_message').select('id').where('owner', '=', p.owner).where('peer', '=', p.peer).limit(1),
)
/**
 * Everything about an account, as far as it lets the caller see it.
 * https://core.telegram.org/constructor/userFull
 */
export async function viewUserFull(ctx: Ctx, row: UserRow): Promise<tl.userFull> {
  const key = { owner: ctx.userId, peer: row.id }
  const dialog = await dialogRow(ctx, key.owner, key.peer)
  const [pinned] = await ctx.run(lastPinned, key)
  const base = {
    _: 'userFull' as const,
    id: row.id,
    settings: await viewPeerSettings(ctx, row.id),
    notifySettings: await notifySettings(ctx, key.owner, key.peer),
    hasScheduled: (await ctx.run(scheduled, key)).length > 0 || undefined,
    pinnedMsgId: pinned?.id,
    folderId: dialog?.folder || undefined,
    ttlPeriod: dialog?.ttl || undefined,
    translationsDisabled: await translationsDisabled(ctx, row.id),
    commonChatsCount: 0,
  }
  if (row.deleted === 1) return base
  const self = row.id === ctx.userId
  const what = await permissions(ctx, [row.id])
  const contact = self ? undefined : await contactRow(ctx, ctx.userId, row.id)
  return {
    ...base,
    canPinMessage: true,
    sponsoredEnabled: (self && (await seesAds(ctx))) || undefined,
    commonChatsCount: self ? 0 : await countCommonChats(ctx, row.id),
    about: ((await what.allows(row.id, 'about')) && row.about) || undefined,
    birthday: (await what.allows(row.id, 'birthday')) ? birthday(row) : undefined,
    mainTab: row.main_tab === null ? undefined : ({ _: `profileTab${row.main_tab}` } as tl.ProfileTab),
    savedMusic: (await what.allows(row.id, 'savedMusic')) ? await firstMusic(ctx, row.id) : undefined,
    note: contact?.note ? (readObject(contact.note) as tl.TextWithEntities) : undefined,
    ...(await personal(ctx, row)),
    ...(await photos(ctx, row, contact, what)),
    ...(self ? ownFlags(row) : await flags(ctx, row, what)),
  }
}

/** Their channel, and its newest post. */
async function personal(ctx: Ctx, row: UserRow): Promise<Flags> {
  const channel = await personalChannel(ctx, row)
  if (!channel) return {}
  return { personalChannelId: channel.id, personalChannelMessage: channel.row.top_message || undefined }
}

/** The day as its owner told it; undefined while they told none. */
export function birthday(row: UserRow): tl.Birthday | undefined {
  if (row.birth_day === null || row.birth_month === null) return undefined
  return { _: 'birthday', day: row.birth_day, month: row.birth_month, year: row.birth_year ?? undefined }
}

async function photos(
  ctx: Ctx,
  row: UserRow,
  contact: ContactRow | undefined,
  what: Permissions,
): Promise<Pick<tl.userFull, 'personalPhoto' | 'profilePhoto' | 'fallbackPhoto'>> {
  const photo = async (id: number | null | undefined) => {
    const found = id ? await photoRow(ctx, id) : undefined
    return found && viewPhoto(ctx, found)
  }
  const shown = await what.allows(row.id, 'profilePhoto')
  return {
    personalPhoto: await photo(contact?.photo_id),
    profilePhoto: shown ? await photo(row.photo_id) : undefined,
    // The owner sees both; others the one that stands in for the other.
    fallbackPhoto: !shown || row.id === ctx.viewer || !row.photo_id ? await photo(row.fallback_photo_id) : undefined,
  }
}

type Flags = Partial<tl.userFull>

function ownFlags(row: UserRow): Flags {
  const global = globalPrivacy(row)
  return {
    displayGiftsButton: global?.displayGiftsButton || undefined,
    disallowedGifts: global?.disallowedGifts,
    readDatesPrivate: global?.hideReadMarks || undefined,
    contactRequirePremium: global?.newNoncontactPeersRequirePremium || undefined,
  }
}

/** What the caller may do with somebody else, and what stands between them. */
async function flags(ctx: Ctx, row: UserRow, what: Permissions): Promise<Flags> {
  const blocks = await ctx.run(ownBlocks, { owner: ctx.userId, peer: row.id })
  const mine = await dialogRow(ctx, ctx.userId, row.id)
  const theirs = await dialogRow(ctx, row.id, ctx.userId)
  const global = globalPrivacy(row)
  const calls = row.bot === 0 && (await what.allows(row.id, 'phoneCall'))
  const named = await what.allows(row.id, 'forwards')
  const seen = await what.allows(row.id, 'statusTimestamp')
  return {
    blocked: blocks.some((b) => b.stories === 0) || undefined,
    blockedMyStoriesFrom: blocks.some((b) => b.stories === 1) || undefined,
    phoneCallsAvailable: calls || undefined,
    videoCallsAvailable: calls || undefined,
    phoneCallsPrivate: (row.bot === 0 && !calls) || undefined,
    voiceMessagesForbidden: !(await what.allows(row.id, 'voiceMessages')) || undefined,
    privateForwardName: named ? undefined : [row.first_name, row.last_name].filter(Boolean).join(' '),
    readDatesPrivate: (global?.hideReadMarks && !seen) || undefined,
    contactRequirePremium: (await needsPremiumToWrite(ctx, row)) || undefined,
    displayGiftsButton: global?.displayGiftsButton || undefined,
    disallowedGifts: global?.disallowedGifts,
    noforwardsMyEnabled: mine?.noforwards === 1 || undefined,
    noforwardsPeerEnabled: theirs?.noforwards === 1 || undefined,
  }
}
