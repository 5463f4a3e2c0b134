import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import type { ChatRef, PeerRef } from './access.ts'
import { maySayInChannel, mustInChannel, nextSendDate } from './channel-rights.ts'
import { type ChatAction, isPresent, mayInChat } from './chat-rights.ts'
import { defaultBanned } from './chats.ts'
import { dialogRow } from './message-rows.ts'
import { type Carried, MEDIA_KIND, mediaKind } from './message-view.ts'
import { allowedBy } from './privacy.ts'
import { needsPremiumToWrite } from './requirements.ts'
import { hasBlocked } from './send.ts'

/** What may be sent, as the groups' rights tell it apart. */
export type SendAction = Extract<
  ChatAction,
  | 'sendPlain'
  | 'sendPhotos'
  | 'sendVideos'
  | 'sendRoundvideos'
  | 'sendAudios'
  | 'sendVoices'
  | 'sendDocs'
  | 'sendStickers'
  | 'sendGifs'
  | 'sendGames'
  | 'sendPolls'
>

const REFUSAL: Record<SendAction, ErrorName> = {
  sendPlain: 'CHAT_SEND_PLAIN_FORBIDDEN',
  sendPhotos: 'CHAT_SEND_PHOTOS_FORBIDDEN',
  sendVideos: 'CHAT_SEND_VIDEOS_FORBIDDEN',
  sendRoundvideos: 'CHAT_SEND_ROUNDVIDEOS_FORBIDDEN',
  sendAudios: 'CHAT_SEND_AUDIOS_FORBIDDEN',
  sendVoices: 'CHAT_SEND_VOICES_FORBIDDEN',
  sendDocs: 'CHAT_SEND_DOCS_FORBIDDEN',
  sendStickers: 'CHAT_SEND_STICKERS_FORBIDDEN',
  sendGifs: 'CHAT_SEND_GIFS_FORBIDDEN',
  sendGames: 'CHAT_SEND_GAME_FORBIDDEN',
  sendPolls: 'CHAT_SEND_POLL_FORBIDDEN',
}

const BY_KIND: [bit: number, action: SendAction][] = [
  [MEDIA_KIND.photo, 'sendPhotos'],
  [MEDIA_KIND.sticker, 'sendStickers'],
  [MEDIA_KIND.gif, 'sendGifs'],
  [MEDIA_KIND.voice, 'sendVoices'],
  [MEDIA_KIND.music, 'sendAudios'],
  [MEDIA_KIND.roundVideo, 'sendRoundvideos'],
  [MEDIA_KIND.video, 'sendVideos'],
  [MEDIA_KIND.document, 'sendDocs'],
  [MEDIA_KIND.poll, 'sendPolls'],
]

/** Which right a message with this media needs. Places and contacts count as text. */
export function sendAction(media: tl.MessageMedia | undefined): SendAction {
  if (!media) return 'sendPlain'
  if (media._ === 'messageMediaDice') return 'sendStickers'
  if (media._ === 'messageMediaGame') return 'sendGames'
  const kind = mediaKind({ media })
  return BY_KIND.find(([bit]) => (kind & bit) !== 0)?.[1] ?? 'sendPlain'
}

/** Which rights a message needs that carries this: a rich one those of everything in it. */
export function sendActions(carried: Carried | undefined): SendAction[] {
  if (carried?._ !== 'richMessage') return [sendAction(carried)]
  const files = carried.documents.map((document) => sendAction({ _: 'messageMediaDocument', document }))
  return ['sendPlain', ...(carried.photos.length > 0 ? ['sendPhotos' as const] : []), ...files]
}

/**
 * Refuses what the caller may not send here: to nobody who is deleted, whom they have blocked, who takes messages from
 * some people only, or voice messages from none; in groups what the rights say. Whoever is blocked by the other side
 * may send: the other side never gets it. Slow mode is no matter of what is sent: see mayHurry.
 */
export async function maySend(ctx: Ctx, peer: PeerRef, actions: Iterable<SendAction>): Promise<void> {
  if (peer.kind === 'chat') return maySendToChat(peer, actions)
  if (peer.kind === 'channel') {
    return maySayInChannel(ctx, peer, actions, (action) => REFUSAL[action as SendAction])
  }
  if (peer.self) return
  if (peer.row.deleted) throw new RpcError('INPUT_USER_DEACTIVATED')
  if (await hasBlocked(ctx, ctx.userId, peer.id)) throw new RpcError('YOU_BLOCKED_USER')
  if (await needsPremiumToWrite(ctx, peer.row)) throw new RpcError('PRIVACY_PREMIUM_REQUIRED')
  for (const action of actions) {
    if (action !== 'sendVoices' && action !== 'sendRoundvideos') continue
    if (!(await allowedBy(ctx, peer.id, 'voiceMessages'))) throw new RpcError('VOICE_MESSAGES_FORBIDDEN')
  }
}

function maySendToChat(chat: ChatRef, actions: Iterable<SendAction>): void {
  if (!isPresent(chat)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  for (const action of actions) {
    if (mayInChat(chat, action)) continue
    const banned = defaultBanned(chat.row)
    if (banned[action]) throw new RpcError(REFUSAL[action])
    throw new RpcError(banned.sendMessages ? 'CHAT_WRITE_FORBIDDEN' : 'CHAT_SEND_MEDIA_FORBIDDEN')
  }
}

/** Refuses what a supergroup's slow mode keeps back: SLOWMODE_WAIT_%d. */
export function mayHurry(ctx: Ctx, peer: PeerRef): void {
  if (peer.kind !== 'channel') return
  const next = nextSendDate(ctx, peer)
  if (next > 0) throw new RpcError('SLOWMODE_WAIT_%d', next - ctx.now)
}

/** Refuses to pin: CHAT_WRITE_FORBIDDEN out of a group, CHAT_ADMIN_REQUIRED without the right. */
export function mayPin(ctx: Ctx, peer: PeerRef): void {
  if (peer.kind === 'user') {
    if (peer.row.deleted && !peer.self) throw new RpcError('INPUT_USER_DEACTIVATED')
    return
  }
  if (peer.kind === 'channel') {
    mustInChannel(ctx, peer, 'pinMessages')
    return
  }
  if (!isPresent(peer)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  if (!mayInChat(peer, 'pinMessages')) throw new RpcError('CHAT_ADMIN_REQUIRED')
}

/** Whether messages of this dialog may be forwarded and saved. https://core.telegram.org/api/content-protection */
export async function mayForwardFrom(ctx: Ctx, peer: PeerRef): Promise<boolean> {
  if (peer.kind !== 'user') return peer.row.noforwards === 0
  if (peer.self) return true
  const mine = await dialogRow(ctx, ctx.userId, peer.id)
  if (mine?.noforwards) return false
  const theirs = await dialogRow(ctx, peer.id, ctx.userId)
  return !theirs?.noforwards
}
