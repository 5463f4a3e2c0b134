import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { Fact, FactKind } from '../updates/facts.ts'
import { ownChannel, type PeerRef } from './access.ts'
import { adminRights, hasRight, isIn } from './channel-rights.ts'
import { channelAdmins, channelRow } from './channel-rows.ts'
import { type MessageRow, messageRow } from './message-rows.ts'
import { atRest, type Carried, mediaKind, readEntities, storeEntities, viewMessage } from './message-view.ts'
import { bareId, kindOf } from './peers.ts'
import type { Answered, NewMessage } from './send.ts'

export type ScheduledRow = Selectable<Tables['scheduled_message']>

declare module '../updates/facts.ts' {
  interface Facts {
    /** A message was put into the account's queue of that dialog, or changed there. */
    newScheduled: { ref: number; peer: number }
  }
}

const byId = query<{ owner: number; peer: number; id: number }>()((db, p) =>
  db
    .selectFrom('scheduled_message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('id', '=', p.id),
)

/**
 * Whose the queue is that an account's messages wait in: a channel's own, for all who post there, else the account's.
 */
export async function queueOf(ctx: Ctx, peer: number): Promise<number> {
  if (kindOf(peer) !== 'channel') return ctx.userId
  return (await channelRow(ctx, bareId(peer)))?.megagroup === 0 ? peer : ctx.userId
}

/** Whether the caller may look into the queue of a dialog: into a channel's, who posts there. */
export function mayQueue(peer: PeerRef): boolean {
  return peer.kind !== 'channel' || peer.row.megagroup === 1 || hasRight(peer, 'postMessages')
}

/** Who is told what happens in a queue, in the order of their boxes. */
export async function listeners(tx: Tx, owner: number): Promise<number[]> {
  if (owner > 0) return [owner]
  const row = await channelRow(tx, bareId(owner))
  const admins = row ? await channelAdmins(tx, row.id) : []
  const posting = admins.filter((one) => isIn(one) && adminRights(row!, one)?.postMessages)
  return posting.map((one) => one.user_id).sort((a, b) => a - b)
}

/** Tells everybody who sees a queue. */
export async function tellQueue(tx: Tx, owner: number, fact: Fact): Promise<void> {
  await tx.publishAll((await listeners(tx, owner)).map((one) => [one, fact]))
}

export async function scheduledRow(ctx: Ctx, peer: number, id: number): Promise<ScheduledRow | undefined> {
  const [row] = await ctx.run(byId, { owner: await queueOf(ctx, peer), peer, id })
  return row
}

/** The queue of a dialog that the caller sees, the last to be sent first. */
export async function scheduledRows(ctx: Ctx, peer: number): Promise<ScheduledRow[]> {
  return ctx.db
    .selectFrom('scheduled_message')
    .selectAll()
    .where('owner', '=', await queueOf(ctx, peer))
    .where('peer', '=', peer)
    .orderBy('date', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Whether messages that the caller sees wait for a dialog. */
export async function hasScheduled(ctx: Ctx, peer: number): Promise<boolean> {
  const owner = await queueOf(ctx, peer)
  const row = await ctx.db
    .selectFrom('scheduled_message')
    .select('id')
    .where('owner', '=', owner)
    .where('peer', '=', peer)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** A new message as its queue keeps it. */
export function rowOfScheduled(
  content: NewMessage,
  at: { owner: number; peer: number; id: number; date: number; repeatPeriod: number | undefined; author: number },
): ScheduledRow {
  const bit = (value: boolean | undefined) => (value ? 1 : 0)
  return {
    owner: at.owner,
    peer: at.peer,
    id: at.id,
    date: at.date,
    edit_date: null,
    text: content.text ?? '',
    entities: storeEntities(content.entities),
    media: content.media ? atRest(content.media) : null,
    reply: content.reply ? atRest(content.reply.header) : null,
    reply_to: content.reply?.to?.id ?? content.reply?.thread ?? null,
    reply_alone: bit(content.reply?.alone),
    fwd: content.fwd ? atRest(content.fwd) : null,
    saved_peer: content.savedPeer ?? content.topic ?? null,
    via_bot: content.viaBot ?? null,
    markup: content.markup ? atRest(content.markup) : null,
    grouped_id: content.groupedId === undefined ? null : String(content.groupedId),
    random_id: content.randomId ? String(content.randomId) : null,
    mentions: content.mentions && content.mentions.length > 0 ? JSON.stringify(content.mentions) : null,
    silent: bit(content.silent),
    noforwards: bit(content.noforwards),
    invert_media: bit(content.invertMedia),
    effect: content.effect === undefined ? null : String(content.effect),
    ttl: content.ttl ?? null,
    post_author: content.postAuthor ?? null,
    repeat_period: at.repeatPeriod ?? null,
    send_as: content.sendAs ?? null,
    author: at.author === at.owner ? null : at.author,
  }
}

/** What a queue kept, as it is to be sent. What it answers may be gone by now: then it answers nothing. */
export async function contentOf(ctx: Ctx, row: ScheduledRow): Promise<NewMessage> {
  const header = row.reply ? (readObject(row.reply) as tl.MessageReplyHeader) : undefined
  const box = kindOf(row.peer) === 'channel' && row.reply_alone === 0 ? row.peer : (row.author ?? row.owner)
  const to = row.reply_to === null ? undefined : await messageRow(ctx, box, row.reply_to)
  return {
    text: row.text,
    entities: readEntities(row.entities),
    media: row.media ? (readObject(row.media) as Carried) : undefined,
    reply: header && answered(header, to, row.reply_alone === 1),
    fwd: row.fwd ? (readObject(row.fwd) as tl.MessageFwdHeader) : undefined,
    ...(kindOf(row.peer) === 'channel'
      ? { topic: row.saved_peer ?? undefined }
      : { savedPeer: row.saved_peer ?? undefined }),
    viaBot: row.via_bot ?? undefined,
    markup: row.markup ? (readObject(row.markup) as tl.ReplyMarkup) : undefined,
    groupedId: row.grouped_id === null ? undefined : BigInt(row.grouped_id),
    randomId: row.random_id === null ? undefined : BigInt(row.random_id),
    mentions: row.mentions === null ? undefined : (JSON.parse(row.mentions) as number[]),
    silent: row.silent === 1,
    noforwards: row.noforwards === 1,
    invertMedia: row.invert_media === 1,
    effect: row.effect === null ? undefined : BigInt(row.effect),
    ttl: row.ttl ?? undefined,
    postAuthor: row.post_author ?? undefined,
    fromScheduled: true,
    sendAs: row.send_as ?? undefined,
  }
}

/** What is gone by now is not answered any more, but a message stays in its topic. */
export function answered(
  header: tl.MessageReplyHeader,
  to: MessageRow | undefined,
  alone: boolean,
): Answered | undefined {
  const inTopic = header._ === 'messageReplyHeader' && header.forumTopic === true
  const thread = inTopic ? (header.replyToTopId ?? header.replyToMsgId) : undefined
  if (to && to.id !== thread) return { header, to, alone, thread }
  if (thread === undefined) return undefined
  return { header: { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: thread }, thread }
}

/** A message of a queue as its author sees it. https://core.telegram.org/api/scheduled-messages */
export function viewScheduled(ctx: Ctx, row: ScheduledRow): tl.Message {
  const { reply_alone: _, mentions: __, repeat_period: period, send_as: sendAs, author, ...shared } = row
  const media = row.media ? (readObject(row.media) as Carried) : undefined
  const message: MessageRow = {
    ...shared,
    // Links are followed when the message is sent.
    media: media?._ === 'messageMediaWebPage' ? null : row.media,
    from_id: sendAs ?? row.owner,
    origin: 0,
    out: 1,
    edit_hide: 0,
    media_kind: mediaKind({ media }),
    action: null,
    thread: null,
    saved_peer: row.saved_peer ?? (row.peer === row.owner && row.owner > 0 ? row.owner : null),
    mentioned: 0,
    media_unread: 0,
    pinned: 0,
    views: null,
    forwards: null,
    from_scheduled: 1,
    reacted: 0,
    unseen: 0,
    from_boosts: 0,
    replies: null,
    sender: author ?? row.owner,
  }
  return { ...(viewMessage(ctx, message) as tl.message), scheduleRepeatPeriod: period ?? undefined }
}

/** Facts about queues: what is gone from one by the time it is read is not told of. */
export const scheduledFacts: { newScheduled: FactKind<'newScheduled'> } = {
  newScheduled: {
    pts: () => 0,
    async render(viewer, facts) {
      const updates: (tl.Update | undefined)[] = []
      for (const { fact } of facts) {
        const seen = kindOf(fact.peer) !== 'channel' || mayQueue(await ownChannel(viewer, bareId(fact.peer)))
        const row = seen ? await scheduledRow(viewer, fact.peer, fact.ref) : undefined
        updates.push(row && { _: 'updateNewScheduledMessage', message: viewScheduled(viewer, row) })
      }
      return updates
    },
  },
}

/** Puts rows into a queue and tells of them. */
export async function insertScheduled(tx: Tx, rows: readonly ScheduledRow[]): Promise<tl.Update[]> {
  if (rows.length === 0) return []
  await tx.trx
    .insertInto('scheduled_message')
    .values([...rows])
    .execute()
  const updates: tl.Update[] = []
  for (const row of rows) {
    await tellQueue(tx, row.owner, { kind: 'newScheduled', ref: row.id, peer: row.peer })
    updates.push({ _: 'updateNewScheduledMessage', message: viewScheduled(tx, row) })
  }
  return updates
}
