import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { boostLevel } from './boosts.ts'
import { adminRights, bannedRights, defaultRights, isIn, isKicked, mayPeek } from './channel-rights.ts'
import { type ChannelMemberRow, type ChannelRow, channelMemberships, channelRows } from './channel-rows.ts'
import { ROLE } from './chat-rows.ts'
import { shownByCommunity, viewCommunities } from './communities.ts'
import { accessHash } from './hashes.ts'
import { channelPeer } from './peers.ts'
import { type ShownPhoto, shownPhotos, viewChatPhoto } from './shown-photos.ts'
import { type UsernameRow, usernamesOf, viewUsername } from './usernames.ts'

/**
 * Channels as the viewer sees them, with the same few queries for any number of them.
 * @param invited those that the viewer was invited to, and sees although they may not look into them
 */
export async function viewChannels(ctx: Ctx, ids: Iterable<number>, invited?: ReadonlySet<number>): Promise<tl.Chat[]> {
  const wanted = [...new Set(ids)]
  const [rows, mine, names] = await Promise.all([
    channelRows(ctx, wanted),
    ctx.viewer ? channelMemberships(ctx, wanted, ctx.viewer) : new Map<number, ChannelMemberRow>(),
    usernamesOf(ctx, wanted.map(channelPeer)),
  ])
  const parents = await parentsOf(ctx, rows.values())
  const photos = await shownPhotos(
    ctx,
    [...rows.values(), ...parents.values()].map((row) => row.photo_id),
  )
  const communities = await viewCommunities(
    ctx,
    wanted.filter((id) => !rows.has(id)),
  )
  const absent = [...rows.values()].filter((row) => row.community !== null && !isIn(mine.get(row.id)))
  const offered = absent.length > 0 ? await shownByCommunity(ctx, absent) : undefined
  return wanted.map((id): tl.Chat => {
    const community = communities.get(id)
    if (community) return community
    const row = rows.get(id)
    if (!row) return { _: 'chatEmpty', id }
    const parent = parents.get(row.monoforum_link ?? 0)
    if (parent && row.monoforum === 1) {
      return viewMonoforum(ctx, row, mine.get(id), parent, photos.get(parent.photo_id ?? 0))
    }
    const photo = photos.get(row.photo_id ?? 0)
    return viewRow(
      ctx,
      row,
      mine.get(id),
      names.get(channelPeer(id)) ?? [],
      photo,
      invited?.has(id) || offered?.has(id) || false,
    )
  })
}

/** The channels of the monoforums among some, by their ids. */
async function parentsOf(ctx: Ctx, rows: Iterable<ChannelRow>): Promise<Map<number, ChannelRow>> {
  const ids: number[] = []
  for (const row of rows) if (row.monoforum === 1) ids.push(row.monoforum_link!)
  return ids.length > 0 ? channelRows(ctx, ids) : new Map()
}

/** A channel's direct messages, to who sees the channel: under its name. https://core.telegram.org/api/monoforum */
function viewMonoforum(
  ctx: Ctx,
  row: ChannelRow,
  member: ChannelMemberRow | undefined,
  parent: ChannelRow,
  photo: ShownPhoto | undefined,
): tl.Chat {
  if (row.deleted === 1) return viewForbidden(ctx, row, undefined)
  return {
    _: 'channel',
    left: !isIn(member) || undefined,
    megagroup: true,
    monoforum: true,
    linkedMonoforumId: parent.id,
    id: row.id,
    accessHash: accessHash(ctx, 'channel', row.id),
    title: parent.title,
    photo: viewChatPhoto(ctx, photo),
    date: member?.date ?? row.date,
    adminRights: isIn(member) ? adminRights(row, member) : undefined,
    sendPaidMessagesStars: price(row),
  }
}

const price = (row: ChannelRow) => (row.paid_stars > 0 ? BigInt(row.paid_stars) : undefined)

/** One channel as the viewer sees it. https://core.telegram.org/constructor/channel */
export async function viewChannel(ctx: Ctx, id: number): Promise<tl.Chat> {
  return (await viewChannels(ctx, [id]))[0]!
}

/** What of a channel is shown to whoever may not look into it. https://core.telegram.org/constructor/channelForbidden */
function viewForbidden(ctx: Ctx, row: ChannelRow, until: number | undefined): tl.channelForbidden {
  return {
    _: 'channelForbidden',
    broadcast: row.megagroup === 0 || undefined,
    megagroup: row.megagroup === 1 || undefined,
    id: row.id,
    accessHash: accessHash(ctx, 'channel', row.id),
    title: row.title,
    untilDate: until,
  }
}

function viewRow(
  ctx: Ctx,
  row: ChannelRow,
  member: ChannelMemberRow | undefined,
  names: readonly UsernameRow[],
  photo: ShownPhoto | undefined,
  invited: boolean,
): tl.Chat {
  const present = isIn(member)
  const shown = names.filter((name) => name.active === 1)
  if (row.deleted === 1) return viewForbidden(ctx, row, undefined)
  if (isKicked(ctx, member)) return viewForbidden(ctx, row, member!.banned_until || undefined)
  const sees = present || invited || mayPeek(ctx, member)
  if (!sees && shown.length === 0 && row.linked === null) return viewForbidden(ctx, row, undefined)
  const all = member?.role === ROLE.creator ? names : shown
  const [only] = all
  const single = all.length === 1 && only!.editable === 1 && only!.active === 1
  return {
    _: 'channel',
    creator: member?.role === ROLE.creator || undefined,
    left: !present || undefined,
    broadcast: row.megagroup === 0 || undefined,
    megagroup: row.megagroup === 1 || undefined,
    signatures: row.signatures === 1 || undefined,
    signatureProfiles: row.signature_profiles === 1 || undefined,
    hasLink: row.linked !== null || undefined,
    hasGeo: row.location !== null || undefined,
    slowmodeEnabled: row.slowmode > 0 || undefined,
    gigagroup: row.gigagroup === 1 || undefined,
    autotranslation: row.autotranslation === 1 || undefined,
    noforwards: row.noforwards === 1 || undefined,
    joinToSend: row.join_to_send === 1 || undefined,
    joinRequest: row.join_request === 1 || undefined,
    forum: row.forum === 1 || undefined,
    forumTabs: row.forum_tabs === 1 || undefined,
    id: row.id,
    accessHash: accessHash(ctx, 'channel', row.id),
    title: row.title,
    username: single ? only!.shown : undefined,
    usernames: all.length > 0 && !single ? all.map(viewUsername) : undefined,
    photo: viewChatPhoto(ctx, photo),
    date: member ? (ctx.holes?.joined(row.id) ?? member.date) : row.date,
    adminRights: present ? adminRights(row, member) : undefined,
    bannedRights: bannedRights(ctx, member),
    defaultBannedRights: row.megagroup === 1 ? defaultRights(row) : undefined,
    participantsCount: row.members,
    linkedCommunityId: row.community ?? undefined,
    level: boostLevel(ctx, row) || undefined,
    broadcastMessagesAllowed: row.direct_messages === 1 || undefined,
    linkedMonoforumId: row.monoforum_link ?? undefined,
    sendPaidMessagesStars: price(row),
    color: row.color ? (readObject(row.color) as tl.peerColor) : undefined,
    profileColor: row.profile_color ? (readObject(row.profile_color) as tl.peerColor) : undefined,
  }
}
