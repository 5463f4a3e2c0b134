import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { LATEST_LAYER, plainOfRich, readObject, writeObject } from '../tl/index.ts'
import { addressFiles } from './files.ts'
import type { MessageRow } from './message-rows.ts'
import { isMonoforum, toPeer } from './peers.ts'
import { shownRich } from './rich/shown.ts'

const flag = (value: number): true | undefined => (value === 1 ? true : undefined)

/** A TL object as it is kept in a column. */
export const atRest = (object: unknown): Uint8Array => writeObject(object as never, LATEST_LAYER)

/** Entities at rest: a textWithEntities without its text, since a bare vector has no constructor of its own. */
export function storeEntities(entities: readonly tl.MessageEntity[] | undefined): Uint8Array | null {
  if (!entities || entities.length === 0) return null
  return atRest({ _: 'textWithEntities', text: '', entities })
}

export function readEntities(bytes: Uint8Array | null): tl.MessageEntity[] | undefined {
  return bytes ? (readObject(bytes) as tl.textWithEntities).entities : undefined
}

/** What `message.media` keeps: media, or a rich message, which has media of its own. */
export type Carried = tl.MessageMedia | tl.richMessage

/** A message as its owner sees it. https://core.telegram.org/constructor/message */
export function viewMessage(ctx: Ctx, row: MessageRow): tl.Message {
  if (row.action) return viewService(ctx, row)
  const saved = row.peer === row.owner && row.owner > 0
  return {
    _: 'message',
    out: isOut(ctx, row) && !saved ? true : undefined,
    ...marks(row),
    silent: flag(row.silent),
    post: isPost(row) || undefined,
    fromScheduled: flag(row.from_scheduled),
    editHide: flag(row.edit_hide),
    pinned: flag(row.pinned),
    noforwards: flag(row.noforwards),
    invertMedia: flag(row.invert_media),
    id: row.id,
    fromId: author(row),
    fromBoostsApplied: row.from_boosts || undefined,
    peerId: toPeer(row.peer),
    savedPeerId: row.saved_peer === null ? undefined : toPeer(row.saved_peer),
    fwdFrom: row.fwd ? (readObject(row.fwd) as tl.MessageFwdHeader) : undefined,
    viaBotId: row.via_bot ?? undefined,
    replyTo: viewReply(ctx, row),
    date: row.date,
    message: row.text,
    ...viewCarried(ctx, row.media),
    replyMarkup: row.markup ? (readObject(row.markup) as tl.ReplyMarkup) : undefined,
    entities: readEntities(row.entities),
    views: row.views ?? undefined,
    forwards: row.forwards ?? undefined,
    editDate: row.edit_date ?? undefined,
    fromRank: row.rank ?? undefined,
    postAuthor: signature(row),
    groupedId: row.grouped_id === null ? undefined : BigInt(row.grouped_id),
    ttlPeriod: row.ttl ?? undefined,
    effect: row.effect === null ? undefined : BigInt(row.effect),
  }
}

type Authored = Pick<MessageRow, 'owner' | 'out' | 'from_id'>

/** Who signed a message: the name on a post, the tag of an administrator who spoke for the group. */
export function signature(row: Authored & Pick<MessageRow, 'post_author'>): string | undefined {
  return byMember(row) ? undefined : (row.post_author ?? undefined)
}

/** Whether a message says by its author's tag who that is: somebody's in a supergroup, in their own name. */
export function byMember(row: Authored): boolean {
  return row.owner < 0 && row.from_id > 0 && !isPost(row) && !isMonoforum(row.owner)
}

/** What begins or ends a chat, or is between one person and a bot, is not reacted to. */
const UNMOVED: ReadonlySet<tl.MessageAction['_']> = new Set([
  'messageActionEmpty',
  'messageActionChatCreate',
  'messageActionChatMigrateTo',
  'messageActionChannelCreate',
  'messageActionChannelMigrateFrom',
  'messageActionCustomAction',
  'messageActionGiftTon',
  'messageActionGiveawayLaunch',
  'messageActionHistoryClear',
  'messageActionRequestedPeer',
  'messageActionRequestedPeerSentMe',
  'messageActionSecureValuesSent',
  'messageActionSecureValuesSentMe',
  'messageActionWebViewDataSent',
  'messageActionWebViewDataSentMe',
])

/** Whether a message can be reacted to: of service messages some cannot. https://core.telegram.org/api/reactions */
export function takesReactions({ action }: Pick<MessageRow, 'action'>): boolean {
  return action === null || !UNMOVED.has((readObject(action) as tl.MessageAction)._)
}

function viewService(ctx: Ctx, row: MessageRow): tl.Message {
  const action = readObject(row.action!) as tl.MessageAction
  return {
    _: 'messageService',
    out: isOut(ctx, row) && (row.peer !== row.owner || row.owner < 0) ? true : undefined,
    ...marks(row),
    reactionsArePossible: !UNMOVED.has(action._) || undefined,
    silent: flag(row.silent),
    post: isPost(row) || undefined,
    id: row.id,
    fromId: author(row),
    peerId: toPeer(row.peer),
    savedPeerId: row.owner < 0 && row.saved_peer !== null ? toPeer(row.saved_peer) : undefined,
    replyTo: viewReply(ctx, row),
    date: row.date,
    action: addressFiles(ctx, action),
    ttlPeriod: row.ttl ?? undefined,
  }
}

/** A channel's message is everybody's: whose it is depends on who looks. */
function isOut(ctx: Ctx, row: MessageRow): boolean {
  return row.owner < 0 ? row.sender === ctx.viewer : row.out === 1
}

/** What a channel's viewers have seen and heard is kept apart: see viewMessages. */
function marks(row: MessageRow): Pick<tl.message, 'mentioned' | 'mediaUnread'> {
  return row.owner < 0 ? {} : { mentioned: flag(row.mentioned), mediaUnread: flag(row.media_unread) }
}

/** What a broadcast channel says: only that is counted in views. */
export function isPost(row: Pick<MessageRow, 'owner' | 'out'>): boolean {
  return row.owner < 0 && row.out === 1
}

/** Private chats leave out the author where the peer and `out` say who it is, except in one's saved messages. */
function author(row: MessageRow): tl.Peer | undefined {
  if (isPost(row) && row.from_id === row.peer) return undefined
  if (row.peer > 0 && row.peer !== row.owner && row.from_id > 0) {
    return row.from_id === row.peer || row.out === 1 ? undefined : toPeer(row.from_id)
  }
  return toPeer(row.from_id)
}

/**
 * The media of a message, or the rich message that it is, as the column keeps them. How a poll stands, and what is right
 * in it, is looked up for its viewer: see addExtras.
 */
export function viewCarried(ctx: Ctx, bytes: Uint8Array | null): Pick<tl.message, 'media' | 'richMessage'> {
  if (!bytes) return {}
  const carried = readObject(bytes) as Carried
  if (carried._ === 'richMessage') return { richMessage: addressFiles(ctx, shownRich(carried)) }
  return { media: addressFiles(ctx, shownMedia(carried)) }
}

/** What a message says, without its styles: of a rich one the plain text. */
export function wordsOf({ text, media }: Pick<MessageRow, 'text' | 'media'>): string {
  if (text !== '' || !media) return text
  const carried = readObject(media) as Carried
  return carried._ === 'richMessage' ? plainOfRich(carried) : ''
}

/** Media without what is kept with them for the server alone: the right answers of a quiz. */
export function shownMedia(media: tl.MessageMedia): tl.MessageMedia {
  return media._ === 'messageMediaPoll' ? { ...media, results: { _: 'pollResults', min: true } } : media
}

/** Media as they show elsewhere than where they were sent: a live location moves there alone, and leaves a place. */
export function shownElsewhere<M extends Carried>(media: M): M | tl.messageMediaGeo {
  return media._ === 'messageMediaGeoLive' ? { _: 'messageMediaGeo', geo: media.geo } : media
}

/** The header kept with the message, with this owner's own id of the message replied to. */
function viewReply(ctx: Ctx, row: MessageRow): tl.MessageReplyHeader | undefined {
  if (!row.reply) return undefined
  const header = addressFiles(ctx, readObject(row.reply) as tl.MessageReplyHeader)
  if (header._ !== 'messageReplyHeader') return header
  // In a private chat each side has its topics under numbers of its own.
  const topic = row.owner > 0 && header.forumTopic && row.thread !== null ? row.thread : undefined
  const top = topic === undefined || header.replyToTopId === undefined ? {} : { replyToTopId: topic }
  if (row.reply_to !== null) return { ...header, ...top, replyToMsgId: row.reply_to }
  if (topic !== undefined) return { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topic }
  // A message of another chat that this owner has not got shows by what the header says of it.
  const { replyToPeerId: _peer, replyToMsgId: _id, ...rest } = header
  return rest.replyFrom || rest.quoteText !== undefined ? rest : undefined
}

/** Whether whoever gets this is to be asked for a sign that they opened it: voice, round videos, what goes when seen. */
export function unheard(media: Carried | undefined): boolean {
  if (media?._ === 'messageMediaPhoto') return media.ttlSeconds !== undefined
  if (media?._ !== 'messageMediaDocument') return false
  return media.voice === true || media.round === true || media.ttlSeconds !== undefined
}

/** Bits of `message.media_kind`: what a search filter finds. https://core.telegram.org/type/MessagesFilter */
export const MEDIA_KIND = {
  photo: 1,
  video: 2,
  document: 4,
  url: 8,
  gif: 16,
  voice: 32,
  music: 64,
  chatPhoto: 128,
  phoneCall: 256,
  roundVideo: 512,
  geo: 1024,
  contact: 2048,
  poll: 4096,
  sticker: 8192,
  /** No filter finds it: something was found out about a channel's post, which is kept apart. */
  factCheck: 16384,
} as const

const URL_TEXTS = new Set(['textUrl', 'textEmail', 'textAutoUrl', 'textAutoEmail'])
const URL_ENTITIES = new Set(['messageEntityUrl', 'messageEntityTextUrl', 'messageEntityEmail'])

/** Which filters find a message with this content. */
export function mediaKind(content: {
  media?: Carried | undefined
  entities?: readonly tl.MessageEntity[] | undefined
  action?: tl.MessageAction | undefined
}): number {
  let kind = content.entities?.some((e) => URL_ENTITIES.has(e._)) ? MEDIA_KIND.url : 0
  const { media, action } = content
  if (action?._ === 'messageActionChatEditPhoto') kind |= MEDIA_KIND.chatPhoto
  if (action?._ === 'messageActionPhoneCall') kind |= MEDIA_KIND.phoneCall
  switch (media?._) {
    case 'messageMediaPhoto':
      return kind | MEDIA_KIND.photo
    case 'messageMediaGeo':
    case 'messageMediaGeoLive':
    case 'messageMediaVenue':
      return kind | MEDIA_KIND.geo
    case 'messageMediaContact':
      return kind | MEDIA_KIND.contact
    case 'messageMediaPoll':
      return kind | MEDIA_KIND.poll
    case 'messageMediaWebPage':
      return kind | MEDIA_KIND.url
    case 'messageMediaDocument':
      return kind | (media.document?._ === 'document' ? documentKind(media.document) : 0)
    case 'richMessage':
      return kind | richKind(media)
  }
  return kind
}

/** A rich message is found among everything that is in it. */
function richKind({ blocks, photos, documents }: tl.richMessage): number {
  let kind = photos.length > 0 ? MEDIA_KIND.photo : 0
  for (const one of documents) if (one._ === 'document') kind |= documentKind(one)
  return hasLink(blocks) ? kind | MEDIA_KIND.url : kind
}

function hasLink(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasLink)
  if (typeof value !== 'object' || value === null) return false
  return URL_TEXTS.has((value as { _?: string })._ ?? '') || Object.values(value).some(hasLink)
}

function documentKind(document: tl.document): number {
  let video = false
  for (const attribute of document.attributes) {
    if (attribute._ === 'documentAttributeSticker') return MEDIA_KIND.sticker
    if (attribute._ === 'documentAttributeAnimated') return MEDIA_KIND.gif
    if (attribute._ === 'documentAttributeAudio') return attribute.voice ? MEDIA_KIND.voice : MEDIA_KIND.music
    if (attribute._ === 'documentAttributeVideo') {
      if (attribute.roundMessage) return MEDIA_KIND.roundVideo
      video = true
    }
  }
  return video ? MEDIA_KIND.video : MEDIA_KIND.document
}
