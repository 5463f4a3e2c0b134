import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { sniff } from './file-types.ts'
import { namedPhoto, newBlobKey, newFileId, type PhotoRow, placeOf } from './files.ts'
import { inTurn, type MadeSize, type Pictures, photoSizes, profileSizes } from './images.ts'
import { atRest } from './message-view.ts'
import { mp4Video } from './mp4.ts'
import { readMarkup } from './photo-markup.ts'
import { readUploaded } from './uploads.ts'

/** Largest file that is taken for a photo, bytes. https://core.telegram.org/bots/api#sendphoto */
const MAX_PHOTO = 10 * 1024 * 1024
/** Largest video of a profile photo, bytes. */
const MAX_PROFILE_VIDEO = 20 * 1024 * 1024

/** A picture's size as TL lists it; its bytes are elsewhere. */
export function viewSize({ type, w, h, bytes, prefixes }: MadeSize): tl.PhotoSize {
  return prefixes
    ? { _: 'photoSizeProgressive', type, w, h, sizes: prefixes }
    : { _: 'photoSize', type, w, h, size: bytes.length }
}

export async function* eachOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}

interface Video {
  bytes: Uint8Array
  size: tl.VideoSize
}

/** Keeps pictures as a photo: bytes first, then the row that names them. */
async function keepPhoto(ctx: Ctx, pictures: Pictures, video?: Video, markup?: tl.VideoSize): Promise<PhotoRow> {
  const blobKey = newBlobKey(ctx)
  const parts = pictures.sizes.map((s) => s.bytes as Uint8Array)
  if (video) parts.push(video.bytes)
  await ctx.app.blobs.put(blobKey, eachOf(parts))
  const photo: tl.photo = {
    _: 'photo',
    id: 0n,
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: ctx.now,
    sizes: [{ _: 'photoStrippedSize', type: 'i', bytes: pictures.stripped }, ...pictures.sizes.map(viewSize)],
    videoSizes: video || markup ? [...(video ? [video.size] : []), ...(markup ? [markup] : [])] : undefined,
    dcId: ctx.app.config.dc,
  }
  return ctx.transact(async (tx) => {
    for (;;) {
      const id = newFileId(tx)
      photo.id = BigInt(id)
      const row = await tx.trx
        .insertInto('photo')
        .values({
          id,
          owner: ctx.viewer,
          date: photo.date,
          tl: atRest(photo),
          stripped: pictures.stripped,
          has_video: photo.videoSizes ? 1 : 0,
          blob_key: blobKey,
        })
        .onConflict((c) => c.column('id').doNothing())
        .returningAll()
        .executeTakeFirst()
      if (row) return row
    }
  })
}

const tooBig = () => new RpcError('PHOTO_SAVE_FILE_INVALID')

/** Makes a photo of an image that the operator has given. */
export async function keepImage(ctx: Ctx, image: Uint8Array): Promise<tl.photo> {
  const row = await inTurn(async () => keepPhoto(ctx, await photoSizes(image)))
  return readObject(row.tl) as tl.photo
}

/**
 * Makes a photo for a message of an uploaded image: its sizes, upright, without what the file said of place and camera.
 * PHOTO_EXT_INVALID, PHOTO_INVALID_DIMENSIONS, IMAGE_PROCESS_FAILED, PHOTO_SAVE_FILE_INVALID (larger than 10 MB),
 * FILE_PART* as in uploads.ts. https://core.telegram.org/api/files#image-thumbnail-types
 */
export async function makePhoto(ctx: Ctx, file: tl.InputFile): Promise<PhotoRow> {
  return inTurn(async () => keepPhoto(ctx, await photoSizes(await readUploaded(ctx, file, MAX_PHOTO, tooBig))))
}

/** Makes a photo of an image that the server has got itself; the errors of makePhoto. */
export async function makePhotoOf(ctx: Ctx, bytes: Uint8Array): Promise<PhotoRow> {
  return inTurn(async () => keepPhoto(ctx, await photoSizes(bytes)))
}

/** What a profile or chat photo is made of; one of `file`, `video` and `videoEmojiMarkup` is there. */
export interface ProfileSource {
  file?: tl.InputFile | undefined
  video?: tl.InputFile | undefined
  videoStartTs?: number | undefined
  videoEmojiMarkup?: tl.VideoSize | undefined
}

const badImage = () => new RpcError('IMAGE_PROCESS_FAILED')

/** A profile photo's own errors, where the image is beyond what any photo may be. */
const asProfileError = (error: unknown): never => {
  throw error instanceof RpcError && error.type === 'PHOTO_INVALID_DIMENSIONS' ? badImage() : error
}

/**
 * Makes a profile or chat photo of uploads: square sizes, the video kept as it came (MPEG4, not transcoded).
 * PHOTO_FILE_MISSING when there is nothing to show, EMOJI_MARKUP_INVALID, VIDEO_FILE_INVALID, PHOTO_CROP_SIZE_SMALL, PHOTO_EXT_INVALID,
 * IMAGE_PROCESS_FAILED. https://core.telegram.org/api/files#uploading-profile-or-chat-pictures
 */
export async function makeProfilePhoto(ctx: Ctx, source: ProfileSource): Promise<PhotoRow> {
  const { file, video, videoStartTs, videoEmojiMarkup: markup } = source
  // @TODO a video's own frame as its still picture needs a decoder; clients send the frame as `file`.
  if (!file && !markup) throw new RpcError(video ? 'PHOTO_CROP_FILE_MISSING' : 'PHOTO_FILE_MISSING')
  return inTurn(async () => {
    const moving = video && (await readVideo(ctx, video, videoStartTs))
    const marked = markup && (await readMarkup(ctx, markup))
    const bytes = file ? await readUploaded(ctx, file, MAX_PHOTO, badImage) : marked!.still
    return keepPhoto(ctx, await profileSizes(bytes).catch(asProfileError), moving, marked?.size)
  })
}

async function readVideo(ctx: Ctx, file: tl.InputFile, startTs: number | undefined): Promise<Video> {
  const bytes = await readUploaded(ctx, file, MAX_PROFILE_VIDEO, () => new RpcError('VIDEO_FILE_INVALID'))
  const { mime } = sniff(bytes)
  if (mime !== 'video/mp4' && mime !== 'video/quicktime') throw new RpcError('VIDEO_FILE_INVALID')
  if (startTs !== undefined && !(startTs >= 0 && startTs < 3600)) throw new RpcError('VIDEO_FILE_INVALID')
  const { w, h } = mp4Video(bytes) ?? { w: 800, h: 800 }
  if (w !== h || w > 1080) throw new RpcError('VIDEO_FILE_INVALID')
  return { bytes, size: { _: 'videoSize', type: 'u', w, h, size: bytes.length, videoStartTs: startTs } }
}

/**
 * The photo that a caller names as a profile or chat photo: the same one if it has square sizes already, else one made
 * of its largest size. PHOTO_ID_INVALID (or `error`), FILE_REFERENCE_*.
 */
export async function asProfilePhoto(
  ctx: Ctx,
  input: tl.InputPhoto,
  error: 'PHOTO_ID_INVALID' | 'PHOTO_INVALID' = 'PHOTO_ID_INVALID',
): Promise<PhotoRow> {
  const row = await namedPhoto(ctx, input, error)
  const { sizes } = readObject(row.tl) as tl.photo
  if (sizes.some((s) => (s as tl.photoSize).type === 'c')) return row
  const last = sizes.at(-1) as tl.photoSize
  const place = placeOf(sizes, last.type)!
  return inTurn(async () => {
    const bytes = await ctx.app.blobs.get(row.blob_key, place.offset, place.length)
    return keepPhoto(ctx, await profileSizes(bytes).catch(asProfileError))
  })
}

/**
 * The photo an InputChatPhoto asks for, or undefined for none. For messages.editChatPhoto and its like; PHOTO_INVALID
 * and the errors of makeProfilePhoto.
 */
export async function chatPhoto(ctx: Ctx, input: tl.InputChatPhoto): Promise<PhotoRow | undefined> {
  switch (input._) {
    case 'inputChatPhotoEmpty':
      return undefined
    case 'inputChatPhoto':
      return input.id._ === 'inputPhotoEmpty' ? undefined : asProfilePhoto(ctx, input.id, 'PHOTO_INVALID')
    case 'inputChatUploadedPhoto':
      return makeProfilePhoto(ctx, input).catch((error) => {
        const named =
          error instanceof RpcError && /^(PHOTO_FILE_MISSING|PHOTO_CROP_FILE|VIDEO_FILE|EMOJI_MARKUP)/.test(error.type)
        throw named ? new RpcError('PHOTO_INVALID') : error
      })
  }
}
