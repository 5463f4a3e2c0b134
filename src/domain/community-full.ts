import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { isPublic } from './access.ts'
import { isIn } from './channel-rights.ts'
import { channelMemberships, channelRows } from './channel-rows.ts'
import { viewChannels } from './channels.ts'
import { type CommunityRef, communityRights, linkedPeers } from './communities.ts'
import { complete } from './complete.ts'
import { photoRow, viewPhoto } from './files.ts'
import { bareId, toPeer } from './peers.ts'

/** Everything about a community; hidden chats are shown to its administrators alone. */
export async function viewCommunityFull(ctx: Ctx, ref: CommunityRef): Promise<tl.messages_chatFull> {
  const rights = communityRights(ref, ctx.userId)
  const rows = (await linkedPeers(ctx, ref.id)).filter((row) => row.visible === 1 || rights !== undefined)
  const ids = rows.map((row) => bareId(row.peer))
  const channels = await channelRows(ctx, ids)
  const mine = await channelMemberships(ctx, ids, ctx.userId)
  const linked: tl.CommunityPeer[] = []
  for (const row of rows) {
    const id = bareId(row.peer)
    const seen = isIn(mine.get(id)) || (await isPublic(ctx, channels.get(id)!))
    const shown = rights ? row.visible === 1 : undefined
    linked.push({ _: 'communityPeer', canViewHistory: seen || undefined, visible: shown, peer: toPeer(row.peer) })
  }
  const { creators, admins, kicked } = await ctx.db
    .selectFrom('community_member')
    .select((eb) => [
      // Its creator has a place there like the others, as long as there is such an account.
      eb.fn.sum<number>(eb.case().when('user_id', '=', ref.row.creator).then(1).else(0).end()).as('creators'),
      eb.fn.count<number>('admin_rights').as('admins'),
      eb.fn.sum<number>('banned').as('kicked'),
    ])
    .where('community', '=', ref.id)
    .executeTakeFirstOrThrow()
  const { requests } = await ctx.db
    .selectFrom('community_request')
    .select((eb) => eb.fn.countAll<number>().as('requests'))
    .where('community', '=', ref.id)
    .executeTakeFirstOrThrow()
  const photo = ref.row.photo_id ? await photoRow(ctx, ref.row.photo_id) : undefined
  const fullChat: tl.communityFull = {
    _: 'communityFull',
    id: ref.id,
    about: ref.row.about,
    chatPhoto: photo ? viewPhoto(ctx, photo) : { _: 'photoEmpty', id: 0n },
    linkedPeers: linked,
    adminsCount: rights ? Number(creators ?? 0) + Number(admins) : undefined,
    kickedCount: rights ? Number(kicked ?? 0) : undefined,
    peerLinkRequestsPending: rights?.manageLinkedPeers ? Number(requests) : undefined,
  }
  const answer = await complete<tl.messages_chatFull>(ctx, { _: 'messages.chatFull', fullChat, chats: [], users: [] })
  if (!answer.chats.some((chat) => chat.id === ref.id)) answer.chats.push(...(await viewChannels(ctx, [ref.id])))
  return answer
}
