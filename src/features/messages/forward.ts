import type { PeerRef } from '../../domain/access.ts'
import { forwardHeader } from '../../domain/forward-header.ts'
import { askedAnew } from '../../domain/make-poll.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { type Carried, readEntities, shownElsewhere } from '../../domain/message-view.ts'
import { toPeer } from '../../domain/peers.ts'
import { isOver, keptPoll, pollIdOf, pollRow, votesOf } from '../../domain/polls.ts'
import type { NewMessage } from '../../domain/send.ts'
import { voterIn } from '../../domain/send-as.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

export interface ForwardOptions {
  dropAuthor: boolean
  dropCaptions: boolean
  /** Where videos begin to play, seconds; where they began before when undefined. */
  videoTimestamp?: number | undefined
}

/**
 * Copies of messages to be sent elsewhere, with where they are from. Those of one album stay together, in a new one.
 * https://core.telegram.org/method/messages.forwardMessages
 */
export async function forwarded(
  ctx: Ctx,
  from: PeerRef,
  to: PeerRef,
  messages: readonly { row: MessageRow; randomId: bigint }[],
  options: ForwardOptions,
): Promise<NewMessage[]> {
  const albums = newAlbums(
    ctx,
    messages.map((m) => m.row),
  )
  const contents: NewMessage[] = []
  for (const { row, randomId } of messages) {
    const media = row.media ? (readObject(row.media) as Carried) : undefined
    if (row.action || (media && 'ttlSeconds' in media && media.ttlSeconds !== undefined)) {
      throw new RpcError('MESSAGE_ID_INVALID')
    }
    const carried = options.dropAuthor && media ? await asOwn(ctx, from, row, media) : media
    const silenced = options.dropCaptions && media !== undefined && media._ !== 'messageMediaWebPage'
    contents.push({
      text: silenced ? '' : row.text,
      entities: silenced ? undefined : readEntities(row.entities),
      media: carried && beginAt(shownElsewhere(carried), options.videoTimestamp),
      viaBot: row.via_bot ?? undefined,
      groupedId: row.grouped_id === null ? undefined : albums.get(row.grouped_id),
      invertMedia: row.invert_media === 1,
      randomId,
      ...(options.dropAuthor ? undefined : await origin(ctx, from, to, row)),
    })
  }
  return contents
}

function beginAt(media: Carried, seconds: number | undefined): Carried {
  if (seconds === undefined || media._ !== 'messageMediaDocument' || !media.video) return media
  return { ...media, videoTimestamp: seconds > 0 ? seconds : undefined }
}

/** What is forwarded as one's own begins anew: nothing of a list is done, nobody has voted. */
async function asOwn(ctx: Ctx, from: PeerRef, row: MessageRow, media: Carried): Promise<Carried> {
  if (media._ === 'messageMediaToDo') return { ...media, completions: undefined }
  return media._ === 'messageMediaPoll' ? ownPoll(ctx, from, row) : media
}

/**
 * A poll that is forwarded as one's own is another one. QUIZ_ANSWER_MISSING for a quiz of which one does not know yet
 * what is right.
 */
async function ownPoll(ctx: Ctx, from: PeerRef, row: MessageRow): Promise<tl.messageMediaPoll> {
  const poll = await pollRow(ctx, pollIdOf(row)!)
  if (!poll) throw new RpcError('MESSAGE_ID_INVALID')
  const media = keptPoll(poll)
  if (media.poll.quiz && poll.creator !== ctx.userId && !isOver(poll, ctx.now)) {
    const votes = await votesOf(ctx, poll.id, await voterIn(ctx, from))
    if (votes.length === 0) throw new RpcError('QUIZ_ANSWER_MISSING')
  }
  return askedAnew(ctx, media)
}

/** Where a forwarded message is from; in one's saved messages also the message itself, and whose dialog it goes to. */
async function origin(ctx: Ctx, from: PeerRef, to: PeerRef, row: MessageRow): Promise<Partial<NewMessage>> {
  const fwd = await forwardHeader(ctx, row)
  if (to.peer !== ctx.userId) return { fwd }
  if (from.peer === ctx.userId) return { fwd, savedPeer: row.saved_peer ?? undefined }
  fwd.savedFromPeer = toPeer(from.peer)
  fwd.savedFromMsgId = row.id
  fwd.savedOut = (row.owner < 0 ? row.sender === ctx.userId : row.out === 1) || undefined
  if (row.fwd) {
    const { fromId, fromName, date } = await forwardHeader(ctx, { ...row, fwd: null })
    Object.assign(fwd, { savedFromId: fromId, savedFromName: fromName, savedDate: date })
  }
  return { fwd, savedPeer: from.peer }
}

function newAlbums(ctx: Ctx, rows: readonly MessageRow[]): Map<string, bigint> {
  const sizes = new Map<string, number>()
  for (const { grouped_id: id } of rows) if (id !== null) sizes.set(id, (sizes.get(id) ?? 0) + 1)
  const albums = new Map<string, bigint>()
  for (const [id, size] of sizes) if (size > 1) albums.set(id, newGroupedId(ctx))
  return albums
}

/** A number for a new album. https://core.telegram.org/api/files#albums-grouped-media */
export function newGroupedId(ctx: Ctx): bigint {
  return ctx.app.random(8).readBigUInt64LE() >> 1n
}
