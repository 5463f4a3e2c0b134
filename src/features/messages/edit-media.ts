import type { MessageRow } from '../../domain/message-rows.ts'
import { type Carried, MEDIA_KIND, mediaKind } from '../../domain/message-view.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** What can take the place of something else, or of nothing. */
const REPLACEABLE = MEDIA_KIND.photo | MEDIA_KIND.video | MEDIA_KIND.gif | MEDIA_KIND.document | MEDIA_KIND.music
/** What has a caption that can be edited. */
const CAPTIONED = REPLACEABLE | MEDIA_KIND.voice
/** Photos and videos share albums; documents and music keep to their own. */
const ALBUMS = [MEDIA_KIND.photo | MEDIA_KIND.video, MEDIA_KIND.document, MEDIA_KIND.music]

/**
 * The media that a message has of its own, as its column keeps them. The preview of a link is none: it changes with the
 * text; nor is a rich message, which is in place of the text.
 */
export function mediaOf(bytes: Uint8Array | null): tl.MessageMedia | undefined {
  const carried = bytes ? (readObject(bytes) as Carried) : undefined
  return carried?._ === 'messageMediaWebPage' || carried?._ === 'richMessage' ? undefined : carried
}

const ttlOf = (media: tl.MessageMedia | undefined) => (media && 'ttlSeconds' in media ? media.ttlSeconds : undefined)

/** Refuses to edit the text of what has none. */
export function mayCaption(media: tl.MessageMedia | undefined): void {
  if (media && (mediaKind({ media }) & CAPTIONED) === 0) throw new RpcError('MEDIA_PREV_INVALID')
}

/**
 * Refuses to put media in the place of others where that cannot be: MEDIA_PREV_INVALID, MEDIA_NEW_INVALID,
 * MEDIA_GROUPED_INVALID. https://core.telegram.org/method/messages.editMessage
 */
export function mayReplace(
  row: Pick<MessageRow, 'grouped_id'>,
  before: tl.MessageMedia | undefined,
  after: tl.MessageMedia,
): void {
  if (before?._ === 'messageMediaGeoLive') {
    if (after._ !== 'messageMediaGeoLive') throw new RpcError('MEDIA_NEW_INVALID')
    return
  }
  if (before?._ === 'messageMediaToDo') {
    if (after._ !== 'messageMediaToDo') throw new RpcError('MEDIA_NEW_INVALID')
    return
  }
  const from = before ? mediaKind({ media: before }) : 0
  const to = mediaKind({ media: after })
  if (before && ((from & REPLACEABLE) === 0 || ttlOf(before) !== undefined)) throw new RpcError('MEDIA_PREV_INVALID')
  if ((to & REPLACEABLE) === 0 || ttlOf(after) !== undefined) throw new RpcError('MEDIA_NEW_INVALID')
  if (row.grouped_id === null) return
  const album = ALBUMS.find((kinds) => (kinds & from) !== 0)
  if (album === undefined || (album & to) === 0) throw new RpcError('MEDIA_GROUPED_INVALID')
}
