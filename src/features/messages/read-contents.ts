import { copiesOf } from '../../domain/copies.ts'
import { lookedAt } from '../../domain/live-location-views.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { atRest, mediaKind, unheard } from '../../domain/message-view.ts'
import { kindOf } from '../../domain/peers.ts'
import { isNews, seenNews } from '../../domain/react.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { schedule } from '../../rpc/jobs.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { lockBoxes, type Published } from '../../updates/log.ts'

/** "Until viewed once". https://core.telegram.org/constructor/messageMediaPhoto */
const VIEW_ONCE = 0x7fffffff

const mediaOf = (row: MessageRow) => (row.media ? (readObject(row.media) as tl.MessageMedia) : undefined)

/**
 * Notes that the caller has listened to voice messages, watched round videos and media that go when they were seen, and
 * has seen mentions: their own devices are told, and whoever sent something to be listened to or watched. What is to
 * go begins to go. https://core.telegram.org/method/messages.readMessageContents
 * @returns undefined when all of it had been opened before
 */
export async function readContents(tx: Tx, ids: readonly number[]): Promise<Published | undefined> {
  const owner = tx.userId
  const unread = (row: MessageRow) => row.media_unread === 1 && row.out === 0
  const fresh = (row: MessageRow) => unread(row) || isNews(row, owner)
  const named = await messageRows(tx, owner, ids)
  await lookedAt(tx, named)
  const seen = named.filter(fresh)
  if (seen.length === 0) return undefined
  await lockBoxes(tx, [...new Set([owner, ...seen.map((row) => row.from_id)])])
  const rows = (
    await messageRows(
      tx,
      owner,
      seen.map((row) => row.id),
    )
  ).filter(fresh)
  if (rows.length === 0) return undefined
  const boxes = new Map<number, number[]>([[owner, rows.map((row) => row.id)]])
  await seenNews(tx, owner, rows, 'reactions', 'votes')
  const opened = rows.filter(unread)
  for (const row of opened) {
    const media = mediaOf(row)
    if (row.mentioned === 1) await seenMention(tx, owner, row.peer)
    if (!unheard(media)) continue
    const id = await heard(tx, row)
    if (id !== undefined) boxes.set(row.from_id, [...(boxes.get(row.from_id) ?? []), id])
    if (media && 'ttlSeconds' in media && media.ttlSeconds !== undefined) await burnLater(tx, row, media.ttlSeconds)
  }
  if (opened.length > 0)
    await setRead(
      tx,
      owner,
      opened.map((row) => row.id),
    )
  const told = await tx.publishAll([...boxes].map(([box, ids]) => [box, { kind: 'readContents', ids, date: tx.now }]))
  return told.find((one) => one.owner === owner)
}

async function setRead(tx: Tx, owner: number, ids: readonly number[]): Promise<void> {
  await tx.trx
    .updateTable('message')
    .set({ media_unread: 0 })
    .where('owner', '=', owner)
    .where('id', 'in', ids)
    .execute()
}

/** One mention of a dialog fewer that has not been seen. */
export async function seenMention(tx: Tx, owner: number, peer: number): Promise<void> {
  await tx.trx
    .updateTable('dialog')
    .set((eb) => ({ unread_mentions: eb('unread_mentions', '-', 1) }))
    .where('owner', '=', owner)
    .where('peer', '=', peer)
    .where('unread_mentions', '>', 0)
    .execute()
}

/** The author's copy has been listened to; in groups the first listener counts. */
async function heard(tx: Tx, row: MessageRow): Promise<number | undefined> {
  const own = await tx.trx
    .updateTable('message')
    .set({ media_unread: 0 })
    .where('owner', '=', row.from_id)
    .where('origin', '=', row.origin)
    .where('media_unread', '=', 1)
    .returning('id')
    .executeTakeFirst()
  return own?.id
}

async function burnLater(tx: Tx, row: MessageRow, seconds: number): Promise<void> {
  const { owner, peer, origin } = row
  if (kindOf(peer) !== 'user') return
  if (seconds === VIEW_ONCE) return burn(tx, owner, peer, origin)
  const id = `messages.burn:${owner}:${origin}`
  await schedule(tx, { id, kind: 'messages.burn', owner, dueAt: tx.now + seconds, data: { peer, origin } })
}

/** The job that takes media away which have been seen. */
export async function burnMedia(ctx: Ctx, owner: number, data: { peer: number; origin: number }): Promise<void> {
  await ctx.transact((tx) => burn(tx, owner, data.peer, data.origin))
}

/** Leaves of media in every copy only what they were. https://core.telegram.org/api/files#self-destructing-media */
async function burn(tx: Tx, owner: number, peer: number, origin: number): Promise<void> {
  for (const [box, rows] of await copiesOf(tx, owner, peer, [origin])) {
    for (const row of rows) {
      const media = emptied(mediaOf(row))
      if (!media) continue
      await tx.trx
        .updateTable('message')
        .set({ media: atRest(media), media_kind: mediaKind({}), media_unread: 0 })
        .where('owner', '=', box)
        .where('id', '=', row.id)
        .execute()
      await tx.publish(box, { kind: 'editMessage', ref: row.id })
    }
  }
}

function emptied(media: tl.MessageMedia | undefined): tl.MessageMedia | undefined {
  if (media?._ === 'messageMediaPhoto' && media.photo) {
    return { _: 'messageMediaPhoto', ttlSeconds: media.ttlSeconds, spoiler: media.spoiler }
  }
  if (media?._ !== 'messageMediaDocument' || !media.document) return undefined
  const { ttlSeconds, voice, round, video } = media
  return { _: 'messageMediaDocument', ttlSeconds, voice, round, video }
}
