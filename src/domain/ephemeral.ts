import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { nextId, query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { FactKind, Logged } from '../updates/facts.ts'
import type { ChannelRef, ChatRef } from './access.ts'
import { atRest, type Carried, readEntities, storeEntities, viewCarried } from './message-view.ts'
import { toPeer } from './peers.ts'

export type EphemeralRow = Selectable<Tables['ephemeral_message']>
export type WelcomeRow = Selectable<Tables['welcome_message']>
/** Where such messages are: groups alone. */
export type GroupRef = ChannelRef | ChatRef

declare module '../updates/facts.ts' {
  interface Facts {
    /** An ephemeral message, or (welcome) one that a group keeps for newcomers, is new or has changed. */
    ephemeral: { peer: number; id: number; edited?: boolean; welcome?: boolean }
  }
}

/** They are kept for a week, as clients keep them. Seconds. */
const KEPT = 7 * 86_400
/** Messages that a group says to newcomers. https://core.telegram.org/api/config */
export const WELCOMES = 5

const one = query<{ peer: number; id: number }>()((db, p) =>
  db.selectFrom('ephemeral_message').selectAll().where('peer', '=', p.peer).where('id', '=', p.id),
)
const oneWelcome = query<{ peer: number; id: number }>()((db, p) =>
  db.selectFrom('welcome_message').selectAll().where('peer', '=', p.peer).where('id', '=', p.id),
)
const welcomesOf = query<{ peer: number }>({ table: 'welcome_message' })((db, p) =>
  db.selectFrom('welcome_message').selectAll().where('peer', '=', p.peer).orderBy('id'),
)
const byRandom = query<{ peer: number; from: number; random: string }>()((db, p) =>
  db
    .selectFrom('ephemeral_message')
    .selectAll()
    .where('peer', '=', p.peer)
    .where('from_id', '=', p.from)
    .where('random_id', '=', p.random),
)

/** What such a message says, made and checked already. */
export interface Content {
  text: string
  entities: tl.MessageEntity[] | undefined
  media: Carried | undefined
  markup: tl.ReplyMarkup | undefined
  invertMedia: boolean
}

const stored = (content: Content) => ({
  text: content.text,
  entities: storeEntities(content.entities),
  media: content.media ? atRest(content.media) : null,
  markup: content.markup ? atRest(content.markup) : null,
  invert_media: content.invertMedia ? 1 : 0,
})

/** One that is between the caller and somebody else; MESSAGE_ID_INVALID for any other. */
export async function ephemeralMessage(ctx: Ctx, peer: number, id: number): Promise<EphemeralRow> {
  const [row] = await ctx.run(one, { peer, id })
  if (!row || (row.from_id !== ctx.userId && row.receiver !== ctx.userId)) throw new RpcError('MESSAGE_ID_INVALID')
  return row
}

/** The topic of one, and undefined where it is in none or is gone. */
export async function topicOfEphemeral(ctx: Ctx, peer: number, id: number): Promise<number | undefined> {
  const [row] = await ctx.run(one, { peer, id })
  return row?.topic ?? undefined
}

/** What a group says to newcomers, in its order. */
export function welcomeMessages(ctx: Ctx, peer: number): Promise<WelcomeRow[]> {
  return ctx.run(welcomesOf, { peer })
}

type Shown = Pick<
  EphemeralRow,
  'id' | 'date' | 'text' | 'entities' | 'media' | 'markup' | 'invert_media' | 'noforwards'
>

function viewContent(ctx: Ctx, peer: number, row: Shown) {
  return {
    _: 'ephemeralMessage' as const,
    invertMedia: row.invert_media === 1 || undefined,
    noforwards: row.noforwards === 1 || undefined,
    id: row.id,
    peerId: toPeer(peer),
    date: row.date,
    message: row.text,
    entities: readEntities(row.entities),
    ...viewCarried(ctx, row.media),
    replyMarkup: row.markup ? (readObject(row.markup) as tl.ReplyMarkup) : undefined,
  }
}

/** What it answers: each side names an ordinary message of a basic group by its own copy. */
function viewReply(ctx: Ctx, row: EphemeralRow): tl.messageReplyHeader | undefined {
  if (row.reply_to !== null) return { _: 'messageReplyHeader', replyToEphemeral: true, replyToMsgId: row.reply_to }
  if (row.reply === null) return undefined
  const header = readObject(row.reply) as tl.messageReplyHeader
  if (row.from_id === ctx.viewer) return header
  return row.reply_receiver === null ? undefined : { ...header, replyToMsgId: row.reply_receiver }
}

/** https://core.telegram.org/constructor/ephemeralMessage */
export function viewEphemeral(ctx: Ctx, row: EphemeralRow): tl.ephemeralMessage {
  return {
    ...viewContent(ctx, row.peer, row),
    out: row.from_id === ctx.viewer || undefined,
    fromId: toPeer(row.from_id),
    receiverId: row.receiver,
    topMsgId: row.topic ?? undefined,
    replyTo: viewReply(ctx, row),
  }
}

/** One that is kept for newcomers: from the group itself, to nobody yet. */
export function viewWelcome(ctx: Ctx, row: WelcomeRow): tl.ephemeralMessage {
  return { ...viewContent(ctx, row.peer, row), welcomeTemplate: true, fromId: toPeer(row.peer), receiverId: 0 }
}

async function updateOf(ctx: Ctx, fact: Logged<'ephemeral'>['fact']): Promise<tl.Update | undefined> {
  const { peer, id, edited } = fact
  const [row] = fact.welcome ? [] : await ctx.run(one, { peer, id })
  const [template] = fact.welcome ? await ctx.run(oneWelcome, { peer, id }) : []
  const message = row ? viewEphemeral(ctx, row) : template && viewWelcome(ctx, template)
  return message && { _: edited ? 'updateEditEphemeralMessage' : 'updateNewEphemeralMessage', message }
}

export const ephemeralFact: FactKind<'ephemeral'> = {
  pts: () => 0,
  async render(viewer, facts) {
    const updates: (tl.Update | undefined)[] = []
    for (const { fact } of facts) updates.push(await updateOf(viewer, fact))
    return updates
  },
}

/** Tells both sides, in the order of their boxes; the group has none. @returns the update as the caller sees it */
async function tell(tx: Tx, row: EphemeralRow, edited: boolean): Promise<tl.Update> {
  const { peer, id } = row
  const fact = { kind: 'ephemeral' as const, peer, id, ...(edited ? { edited } : undefined) }
  const sides = [row.from_id, row.receiver].filter((side) => side > 0)
  await tx.publishAll(sides.map((side) => [side, fact]))
  const message = viewEphemeral(tx, row)
  return { _: edited ? 'updateEditEphemeralMessage' : 'updateNewEphemeralMessage', message }
}

/** What an ephemeral message answers, and where it is said. */
export interface EphemeralPlace {
  /** Another one between the same two. */
  replyTo?: number | undefined
  /** An ordinary message, as its sender names it, and the receiver. */
  reply?: { header: tl.messageReplyHeader; receiver: number | undefined } | undefined
  topic?: number | undefined
}

export interface NewEphemeral extends Content, EphemeralPlace {
  from: number
  receiver: number
  noforwards?: boolean | undefined
  randomId?: bigint | undefined
}

/** Says something that one other sees alone; the same again under its random_id is there once. */
export async function sendEphemeral(tx: Tx, peer: number, message: NewEphemeral): Promise<tl.Update> {
  const random = message.randomId === undefined ? null : String(message.randomId)
  if (random !== null) {
    const [again] = await tx.run(byRandom, { peer, from: message.from, random })
    if (again) return { _: 'updateNewEphemeralMessage', message: viewEphemeral(tx, again) }
  }
  const before = tx.now - KEPT
  await tx.trx.deleteFrom('ephemeral_message').where('peer', '=', peer).where('date', '<', before).execute()
  const row: EphemeralRow = {
    ...{ peer, id: await nextId(tx.trx, `ephemeral ${peer}`), from_id: message.from, receiver: message.receiver },
    ...{ date: tx.now, random_id: random, noforwards: message.noforwards ? 1 : 0, topic: message.topic ?? null },
    reply_to: message.replyTo ?? null,
    reply: message.reply ? atRest(message.reply.header) : null,
    reply_receiver: message.reply?.receiver ?? null,
    ...stored(message),
  }
  await tx.trx.insertInto('ephemeral_message').values(row).execute()
  return tell(tx, row, false)
}

/** Changes what one said to somebody. */
export async function editEphemeral(tx: Tx, row: EphemeralRow, content: Content): Promise<tl.Update> {
  const set = stored(content)
  await tx.trx.updateTable('ephemeral_message').set(set).where('peer', '=', row.peer).where('id', '=', row.id).execute()
  return tell(tx, { ...row, ...set }, true)
}

/** Takes one away from both who see it. */
export async function deleteEphemeral(tx: Tx, row: EphemeralRow): Promise<void> {
  const { peer, id } = row
  await tx.trx.deleteFrom('ephemeral_message').where('peer', '=', peer).where('id', '=', id).execute()
  const update: tl.Update = { _: 'updateDeleteEphemeralMessages', peer: toPeer(peer), ids: [id] }
  const sides = [row.from_id, row.receiver].filter((side) => side > 0)
  await tx.publishAll(sides.map((side) => [side, { kind: 'update', update }]))
}

/** What an existing message says, for changes of a part of it. */
export function contentOf(row: Shown): Content {
  return {
    text: row.text,
    entities: readEntities(row.entities),
    media: row.media ? (readObject(row.media) as Carried) : undefined,
    markup: row.markup ? (readObject(row.markup) as tl.ReplyMarkup) : undefined,
    invertMedia: row.invert_media === 1,
  }
}

/** Keeps one more message for newcomers; LIMIT_INVALID above their number. */
export async function addWelcome(
  tx: Tx,
  peer: number,
  content: Content & { noforwards?: boolean | undefined },
): Promise<tl.Update> {
  const id = await nextId(tx.trx, `ephemeral ${peer}`)
  if ((await welcomeMessages(tx, peer)).length >= WELCOMES) throw new RpcError('LIMIT_INVALID')
  const row: WelcomeRow = {
    ...{ peer, id, date: tx.now, version: 0, noforwards: content.noforwards ? 1 : 0 },
    ...stored(content),
  }
  await tx.trx.insertInto('welcome_message').values(row).execute()
  await tx.publish(tx.userId, { kind: 'ephemeral', peer, id, welcome: true })
  return { _: 'updateNewEphemeralMessage', message: viewWelcome(tx, row) }
}

/** Changes a message for newcomers; those who had it keep what they were told. */
export async function editWelcome(tx: Tx, row: WelcomeRow, content: Content): Promise<tl.Update> {
  const set = { ...stored(content), version: row.version + 1 }
  await tx.trx.updateTable('welcome_message').set(set).where('peer', '=', row.peer).where('id', '=', row.id).execute()
  await tx.publish(tx.userId, { kind: 'ephemeral', peer: row.peer, id: row.id, welcome: true, edited: true })
  return { _: 'updateEditEphemeralMessage', message: viewWelcome(tx, { ...row, ...set }) }
}

/** Takes messages for newcomers away. */
export async function removeWelcomes(tx: Tx, peer: number, ids: readonly number[]): Promise<void> {
  await tx.trx
    .deleteFrom('welcome_message')
    .where('peer', '=', peer)
    .where('id', 'in', [...ids])
    .execute()
  const update: tl.Update = { _: 'updateDeleteEphemeralMessages', peer: toPeer(peer), ids: [...ids] }
  await tx.publish(tx.userId, { kind: 'update', update })
}

/** Somebody has come into a group: what it says to newcomers is said to them, and seen by nobody else. */
export async function welcome(tx: Tx, peer: number, user: number): Promise<void> {
  for (const row of await welcomeMessages(tx, peer)) {
    await sendEphemeral(tx, peer, { ...contentOf(row), from: peer, receiver: user, noforwards: row.noforwards === 1 })
  }
}
