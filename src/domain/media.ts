import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { makeDocument } from './documents.ts'
import { type DocumentRow, namedDocument, namedPhoto, type PhotoRow } from './files.ts'
import { RADIUS } from './live-locations.ts'
import { makePoll } from './make-poll.ts'
import { makePhoto } from './photos.ts'
import { allowedBy } from './privacy.ts'
import { attachStickers } from './stickers/attached.ts'
import { makeTodo } from './todo.ts'
import { userByPhone } from './user-rows.ts'
import { contactRow } from './users.ts'
import { fetchDocument, fetchPhoto } from './web/external.ts'

export interface MediaOptions {
  /** The message that is being edited, for media that only change: a live location that goes on, or ends. */
  previous?: { media: tl.MessageMedia; date: number } | undefined
}

/**
 * Makes what a message carries of what a client gives, as it is kept: without access hashes and file references.
 * Slow (files are put together, images made smaller), so it is called outside of any transaction; calling it again for
 * the same upload is allowed. Throws the errors of messages.sendMedia: MEDIA_INVALID, MEDIA_EMPTY, FILE_PART*,
 * FILE_REFERENCE_*, PHOTO_*, IMAGE_PROCESS_FAILED, TTL_MEDIA_INVALID, EMOTICON_INVALID; NOT_IMPLEMENTED for what later
 * issues bring. https://core.telegram.org/type/InputMedia
 */
export async function makeMedia(ctx: Ctx, input: tl.InputMedia, options: MediaOptions = {}): Promise<tl.MessageMedia> {
  switch (input._) {
    case 'inputMediaEmpty':
      return { _: 'messageMediaEmpty' }
    case 'inputMediaUploadedPhoto':
      checkTtl(input.ttlSeconds)
      return photoMedia(ctx, input, await attachStickers(ctx, await makePhoto(ctx, input.file), input.stickers))
    case 'inputMediaPhotoExternal':
      checkTtl(input.ttlSeconds)
      return photoMedia(ctx, input, await fetchPhoto(ctx, input.url))
    case 'inputMediaPhoto':
      checkTtl(input.ttlSeconds)
      return photoMedia(ctx, input, await namedPhoto(ctx, input.id, 'MEDIA_INVALID'))
    case 'inputMediaUploadedDocument':
      checkTtl(input.ttlSeconds)
      return documentMedia(ctx, input, await attachStickers(ctx, await makeDocument(ctx, input), input.stickers))
    case 'inputMediaDocument':
      checkTtl(input.ttlSeconds)
      return documentMedia(ctx, input, await namedDocument(ctx, input.id, 'MEDIA_INVALID'))
    case 'inputMediaDocumentExternal':
      checkTtl(input.ttlSeconds)
      return documentMedia(ctx, input, await fetchDocument(ctx, input.url))
    case 'inputMediaGeoPoint':
      return { _: 'messageMediaGeo', geo: geoPoint(input.geoPoint) }
    case 'inputMediaVenue':
      return venue(input)
    case 'inputMediaGeoLive':
      return liveLocation(ctx, input, options.previous)
    case 'inputMediaContact':
      return contact(ctx, input)
    case 'inputMediaDice':
      return { _: 'messageMediaDice', emoticon: input.emoticon, value: roll(ctx, input.emoticon) }
    case 'inputMediaPoll':
      return makePoll(ctx, input, (part) => makePart(ctx, part))
    case 'inputMediaTodo': {
      const { previous } = options
      return makeTodo(ctx, input, previous?.media._ === 'messageMediaToDo' ? previous.media : undefined)
    }
    default:
      // @TODO games, invoices, stories, paid media: each ends with its own folder.
      throw new RpcError('NOT_IMPLEMENTED')
  }
}

/** What a poll, its answers or its explanation show: nothing that has a life of its own. */
export async function makePart(ctx: Ctx, input: tl.InputMedia): Promise<tl.MessageMedia> {
  const media = await makeMedia(ctx, input)
  const file = media._ === 'messageMediaPhoto' || media._ === 'messageMediaDocument'
  if (file ? media.ttlSeconds !== undefined : media._ !== 'messageMediaGeo' && media._ !== 'messageMediaVenue') {
    throw new RpcError('MEDIA_INVALID')
  }
  return media
}

/** "Until viewed once". https://core.telegram.org/constructor/messageMediaPhoto */
const VIEW_ONCE = 0x7fffffff

function checkTtl(seconds: number | undefined): void {
  if (seconds === undefined || seconds === VIEW_ONCE) return
  if (!(seconds >= 1 && seconds <= 60)) throw new RpcError('TTL_MEDIA_INVALID')
}

/** A photo or a document out of its row, as media keep it. */
const kept = <T>(row: PhotoRow | DocumentRow): T => readObject(row.tl) as T

async function photoMedia(
  ctx: Ctx,
  input: Pick<tl.inputMediaPhoto, 'spoiler' | 'livePhoto' | 'ttlSeconds' | 'video'>,
  row: PhotoRow,
): Promise<tl.messageMediaPhoto> {
  const video = input.video && (await namedDocument(ctx, input.video, 'MEDIA_INVALID'))
  if (video && !video.mime.startsWith('video/')) throw new RpcError('MEDIA_INVALID')
  return {
    _: 'messageMediaPhoto',
    spoiler: input.spoiler || undefined,
    livePhoto: (video && input.livePhoto) || undefined,
    photo: kept<tl.Photo>(row),
    ttlSeconds: input.ttlSeconds,
    video: video && kept<tl.Document>(video),
  }
}

async function documentMedia(
  ctx: Ctx,
  input: Pick<tl.inputMediaDocument, 'spoiler' | 'videoCover' | 'videoTimestamp' | 'ttlSeconds'>,
  row: DocumentRow,
): Promise<tl.messageMediaDocument> {
  const document = kept<tl.document>(row)
  const video = document.attributes.find((a) => a._ === 'documentAttributeVideo')
  const audio = document.attributes.find((a) => a._ === 'documentAttributeAudio')
  const animated = document.attributes.some((a) => a._ === 'documentAttributeAnimated')
  // Covers belong to videos that stay.
  const covered = input.videoCover && video && !input.ttlSeconds
  const cover = covered ? await namedPhoto(ctx, input.videoCover!, 'MEDIA_INVALID') : undefined
  const { videoTimestamp } = input
  if (videoTimestamp !== undefined && videoTimestamp < 0) throw new RpcError('MEDIA_INVALID')
  return {
    _: 'messageMediaDocument',
    spoiler: input.spoiler || undefined,
    video: (video && !video.roundMessage && !animated) || undefined,
    round: video?.roundMessage || undefined,
    voice: audio?.voice || undefined,
    document,
    videoCover: cover && kept<tl.Photo>(cover),
    videoTimestamp: (video && videoTimestamp) || undefined,
    ttlSeconds: input.ttlSeconds,
  }
}

/** https://core.telegram.org/constructor/inputGeoPoint */
function geoPoint(input: tl.InputGeoPoint): tl.geoPoint {
  if (input._ === 'inputGeoPointEmpty') throw new RpcError('MEDIA_EMPTY')
  const { lat, long, accuracyRadius } = input
  if (!(Math.abs(lat) <= 90 && Math.abs(long) <= 180)) throw new RpcError('MEDIA_INVALID')
  const known = accuracyRadius !== undefined && accuracyRadius >= 1 && accuracyRadius <= 1500
  // No access hash: maps of a place are pictures that a server draws for others, and this one has no maps.
  return { _: 'geoPoint', lat, long, accessHash: 0n, accuracyRadius: known ? accuracyRadius : undefined }
}

const VENUE_TEXT = 256

function venue(input: tl.inputMediaVenue): tl.messageMediaVenue {
  const { title, address, provider, venueId, venueType } = input
  const texts = [title, address, provider, venueId, venueType]
  if (!title.trim() || texts.some((t) => t.length > VENUE_TEXT)) throw new RpcError('MEDIA_INVALID')
  return { _: 'messageMediaVenue', geo: geoPoint(input.geoPoint), title, address, provider, venueId, venueType }
}

/** https://core.telegram.org/api/live-location */
function liveLocation(
  ctx: Ctx,
  input: tl.inputMediaGeoLive,
  previous: MediaOptions['previous'],
): tl.messageMediaGeoLive {
  const before = previous?.media._ === 'messageMediaGeoLive' ? previous.media : undefined
  if (input.stopped) {
    if (!before) throw new RpcError('MEDIA_INVALID')
    // Over from now on: its period has just passed. To clients a period of nothing is none at all.
    const period = Math.min(before.period, Math.max(1, ctx.now - previous!.date))
    return { _: 'messageMediaGeoLive', geo: before.geo, heading: before.heading, period }
  }
  const period = input.period ?? before?.period
  const endless = period === VIEW_ONCE
  if (period === undefined || !(endless || (period >= 60 && period <= 86_400))) throw new RpcError('MEDIA_INVALID')
  const { heading, proximityNotificationRadius: radius } = input
  if (heading !== undefined && !(heading >= 0 && heading <= 360)) throw new RpcError('MEDIA_INVALID')
  if (radius !== undefined && !(radius >= 0 && radius <= RADIUS)) throw new RpcError('MEDIA_INVALID')
  return {
    _: 'messageMediaGeoLive',
    geo: geoPoint(input.geoPoint),
    heading: heading || undefined,
    period,
    proximityNotificationRadius: radius || undefined,
  }
}

const CONTACT_TEXT = 64
const PHONE_TEXT = 32
const VCARD_TEXT = 8192

/** A contact's card; it names the account where the sender may know that the number has one. */
async function contact(ctx: Ctx, input: tl.inputMediaContact): Promise<tl.messageMediaContact> {
  const { phoneNumber, firstName, lastName, vcard } = input
  if (!phoneNumber || phoneNumber.length > PHONE_TEXT || (!firstName && !lastName)) throw new RpcError('MEDIA_INVALID')
  if (firstName.length > CONTACT_TEXT || lastName.length > CONTACT_TEXT || vcard.length > VCARD_TEXT) {
    throw new RpcError('MEDIA_INVALID')
  }
  const digits = phoneNumber.replace(/\D/g, '')
  const row = digits ? await userByPhone(ctx, digits) : undefined
  const known =
    row &&
    !row.deleted &&
    (row.id === ctx.userId ||
      (await contactRow(ctx, ctx.userId, row.id)) !== undefined ||
      (await allowedBy(ctx, row.id, 'addedByPhone')))
  return { _: 'messageMediaContact', phoneNumber, firstName, lastName, vcard, userId: known ? row.id : 0 }
}

/** Emoji that show a random value, and how many values each has. https://core.telegram.org/api/dice */
export const DICE: Readonly<Record<string, number>> = { '🎲': 6, '🎯': 6, '🎳': 6, '🏀': 5, '⚽': 5, '🎰': 64 }

function roll(ctx: Ctx, emoticon: string): number {
  const sides = DICE[emoticon.replace(/\ufe0f$/, '')]
  if (sides === undefined) throw new RpcError('EMOTICON_INVALID')
  // Of 2^32 equally likely numbers the rest that would favour small values is drawn again.
  const fair = 2 ** 32 - (2 ** 32 % sides)
  let drawn: number
  do drawn = ctx.app.random(4).readUInt32LE()
  while (drawn >= fair)
  return 1 + (drawn % sides)
}
