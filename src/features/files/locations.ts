import { access } from '../../domain/access.ts'
import { communityPeerNamed } from '../../domain/communities.ts'
import { namedDocument, namedPhoto, type PhotoRow, photoRow, placeOf, rowId } from '../../domain/files.ts'
import { showsPhoto } from '../../domain/profile-photos.ts'
import { namedSecretFile } from '../../domain/secret-files.ts'
import { setThumb } from '../../domain/stickers/thumbs.ts'
import { takeoutFile } from '../../domain/takeout-file.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** Bytes of a file: where they are, and what they are. */
export interface Located {
  key: string
  /** Where in the blob the file begins. */
  from: number
  size: number
  /** The end of a storage.FileType's name. */
  type: string
  date: number
}

/**
 * Finds what a location names, if the caller may have it. FILE_ID_INVALID for a wrong id or access hash,
 * LOCATION_INVALID for a size that is not there, FILE_REFERENCE_*. https://core.telegram.org/type/InputFileLocation
 */
export async function locate(ctx: Ctx, location: tl.InputFileLocation): Promise<Located> {
  switch (location._) {
    case 'inputDocumentFileLocation':
      return documentAt(ctx, location)
    case 'inputPhotoFileLocation':
      return photoAt(await namedPhoto(ctx, { ...location, _: 'inputPhoto' }, 'FILE_ID_INVALID'), location.thumbSize)
    case 'inputPhotoLegacyFileLocation':
      // Volumes and local ids are of long ago; the photo itself is named as today.
      return photoAt(await namedPhoto(ctx, { ...location, _: 'inputPhoto' }, 'FILE_ID_INVALID'), undefined)
    case 'inputPeerPhotoFileLocation':
      return peerPhotoAt(ctx, location)
    case 'inputEncryptedFileLocation':
      return secretFileAt(ctx, location)
    case 'inputTakeoutFileLocation':
      return takeoutFileAt(ctx)
    case 'inputStickerSetThumb':
      return setThumbAt(ctx, location)
    default:
      // @TODO calls' streams: end with their folder.
      throw new RpcError('LOCATION_INVALID')
  }
}

async function setThumbAt(ctx: Ctx, location: tl.inputStickerSetThumb): Promise<Located> {
  const file = await setThumb(ctx, location)
  if (!file) throw new RpcError('LOCATION_INVALID')
  return file
}

async function takeoutFileAt(ctx: Ctx): Promise<Located> {
  const file = await takeoutFile(ctx)
  return { ...file, from: 0, type: 'Unknown' }
}

async function secretFileAt(ctx: Ctx, location: tl.inputEncryptedFileLocation): Promise<Located> {
  const row = await namedSecretFile(ctx, location)
  if (!row) throw new RpcError('FILE_ID_INVALID')
  return { key: row.blob_key, from: 0, size: row.size, type: 'Unknown', date: row.date }
}

async function documentAt(ctx: Ctx, location: tl.inputDocumentFileLocation): Promise<Located> {
  const row = await namedDocument(ctx, { ...location, _: 'inputDocument' }, 'FILE_ID_INVALID')
  const { date } = row
  if (location.thumbSize === '') return { key: row.blob_key, from: 0, size: row.size, type: row.file_type, date }
  const { thumbs } = readObject(row.tl) as tl.document
  const place = row.thumbs_key === null ? undefined : placeOf(thumbs ?? [], location.thumbSize)
  if (!place) throw new RpcError('LOCATION_INVALID')
  return { key: row.thumbs_key!, from: place.offset, size: place.length, type: 'Jpeg', date }
}

function photoAt(row: PhotoRow, type: string | undefined): Located {
  const { sizes, videoSizes = [] } = readObject(row.tl) as tl.photo
  const place = placeOf([...sizes, ...videoSizes], type ?? (sizes.at(-1) as tl.photoSize).type)
  if (!place) throw new RpcError('LOCATION_INVALID')
  const video = videoSizes.some((v) => v._ === 'videoSize' && v.type === type)
  return { key: row.blob_key, from: place.offset, size: place.length, type: video ? 'Mp4' : 'Jpeg', date: row.date }
}

/** The picture of a person or a group, as small or as large as profile photos are. */
async function peerPhotoAt(ctx: Ctx, location: tl.inputPeerPhotoFileLocation): Promise<Located> {
  const id = rowId(location.photoId)
  const community = await communityPeerNamed(ctx, location.peer)
  const peer = community ?? (await access.peer(ctx, location.peer))
  const shown = 'kind' in peer && peer.kind === 'user' ? await showsPhoto(ctx, peer, id) : peer.row.photo_id === id
  const row = shown && id ? await photoRow(ctx, id) : undefined
  if (!row) throw new RpcError('LOCATION_INVALID')
  return photoAt(row, location.big ? 'c' : 'a')
}
