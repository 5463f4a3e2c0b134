import { access, type PeerRef } from '../../domain/access.ts'
import { type AdRow, adRandomId, adsFor, seesAds } from '../../domain/ads.ts'
import { channelRow } from '../../domain/channel-rows.ts'
import { complete } from '../../domain/complete.ts'
import { addressFiles, photoRow, viewPhoto } from '../../domain/files.ts'
import { MEDIA_KIND, readEntities } from '../../domain/message-view.ts'
import { bareId } from '../../domain/peers.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** Ads that a client is given at once, and the posts that it shows between two of them. */
const AT_ONCE = 10
const POSTS_BETWEEN = 5
/** Over videos: seconds before the first and between two, and how long one is shown. */
const VIDEO = { startDelay: 10, betweenDelay: 60 }
const DISPLAY = { minDisplayDuration: 5, maxDisplayDuration: 30 }

export default method(
  'messages.getSponsoredMessages',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const video = req.msgId !== undefined
    if (req.msgId !== undefined) await mustBeVideo(ctx, peer, req.msgId)
    const targets = targetsOf(peer)
    const ads = targets && (await seesAds(ctx)) ? await adsFor(ctx, targets, AT_ONCE, video) : []
    if (ads.length === 0) return { _: 'messages.sponsoredMessagesEmpty' }
    const messages = await Promise.all(ads.map((ad) => viewAd(ctx, ad, video)))
    const between = video ? VIDEO : peer.kind === 'channel' ? { postsBetween: POSTS_BETWEEN } : {}
    const answer = { ...between, messages, chats: [], users: [] }
    return complete<tl.messages_sponsoredMessages>(ctx, { _: 'messages.sponsoredMessages', ...answer })
  },
  { flood: 'read' },
)

/** Where ads for that dialog are found; undefined for what has none. */
function targetsOf(peer: PeerRef): string[] | undefined {
  if (peer.kind === 'channel') {
    return peer.row.megagroup === 1 || peer.row.no_sponsored === 1 ? undefined : ['channels', `channel:${peer.id}`]
  }
  return peer.kind === 'user' && peer.row.bot === 1 ? ['bots', `bot:${peer.id}`] : undefined
}

async function mustBeVideo(ctx: Ctx, peer: PeerRef, id: number): Promise<void> {
  if (peer.kind !== 'channel') throw new RpcError('MSG_ID_INVALID')
  const [found] = await access.channelMessages(ctx, peer, [id])
  if (!found || (found.row.media_kind & MEDIA_KIND.video) === 0) throw new RpcError('MSG_ID_INVALID')
}

/** An ad for a channel or bot of this server looks like what it is for. */
async function looksOf(ctx: Ctx, { peer }: AdRow): Promise<Pick<tl.sponsoredMessage, 'photo' | 'color'>> {
  if (peer === null) return {}
  const row = await (peer < 0 ? channelRow(ctx, bareId(peer)) : userRow(ctx, peer))
  const photo = row?.photo_id ? await photoRow(ctx, row.photo_id) : undefined
  return {
    photo: photo && viewPhoto(ctx, photo),
    color: row?.color ? (readObject(row.color) as tl.PeerColor) : undefined,
  }
}

async function viewAd(ctx: Ctx, ad: AdRow, video: boolean): Promise<tl.sponsoredMessage> {
  return {
    _: 'sponsoredMessage',
    recommended: ad.recommended === 1 || undefined,
    canReport: true,
    randomId: adRandomId(ctx, ad),
    url: ad.url,
    title: ad.title,
    message: ad.text,
    entities: readEntities(ad.entities),
    ...(await looksOf(ctx, ad)),
    media: ad.media ? addressFiles(ctx, readObject(ad.media) as tl.MessageMedia) : undefined,
    buttonText: ad.button,
    sponsorInfo: ad.sponsor_info ?? undefined,
    additionalInfo: ad.additional_info ?? undefined,
    ...(video ? DISPLAY : {}),
  }
}
