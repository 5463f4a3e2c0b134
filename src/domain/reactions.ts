import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { ChannelRow } from './channel-rows.ts'
import type { ChatRow } from './chat-rows.ts'
import { documentRow, rowId } from './files.ts'
import type { MessageRow } from './message-rows.ts'
import { kindOf, toPeer } from './peers.ts'
import { bareEmoji, isStandard } from './standard-reactions.ts'
import { topicOf } from './threads.ts'
import { byVoter, voterInBox } from './voter.ts'

export type ReactionRow = Selectable<Tables['reaction']>

/** How many reactions one person may have on one message, and how many different ones a message may have. */
export const REACTION_LIMITS = { user: 1, premium: 3, unique: 11 } as const

/** Bits of `message.unseen`. */
export const UNSEEN = { reactions: 1, votes: 2 } as const

/** Who reacted last shows with the message itself. */
const RECENT = 3
/** Unread reactions that show with a message. */
const UNREAD = 100

const CUSTOM = 'custom:'

/** Whether a reaction, as it is kept, is a custom emoji. */
export const isCustom = (key: string): boolean => key.startsWith(CUSTOM)

/** A reaction as it is kept; undefined for what stands for none, or for stars. */
export function reactionKey(reaction: tl.Reaction): string | undefined {
  if (reaction._ === 'reactionEmoji') return bareEmoji(reaction.emoticon)
  return reaction._ === 'reactionCustomEmoji' ? `${CUSTOM}${reaction.documentId}` : undefined
}

export function viewReaction(key: string): tl.Reaction {
  if (isCustom(key)) return { _: 'reactionCustomEmoji', documentId: BigInt(key.slice(CUSTOM.length)) }
  return { _: 'reactionEmoji', emoticon: key }
}

/** What may be reacted with in a group or channel; where nothing was chosen, everything but what needs a supergroup. */
export function reactionsOfPlace(row: ChatRow | ChannelRow): tl.ChatReactions {
  if (row.reactions) return readObject(row.reactions) as tl.ChatReactions
  return { _: 'chatReactionsAll', allowCustom: takesAnyCustom(row) || undefined }
}

/** Supergroups take custom emoji of any kind where they say nothing else; channels and basic groups those they list. */
export const takesAnyCustom = (row: ChatRow | ChannelRow): boolean => 'megagroup' in row && row.megagroup === 1

/**
 * A reaction that exists: REACTION_EMPTY, REACTION_INVALID for an emoji nobody may react with, PREMIUM_ACCOUNT_REQUIRED
 * and DOCUMENT_INVALID for custom emoji. https://core.telegram.org/api/reactions
 */
export async function checkReaction(ctx: Ctx, reaction: tl.Reaction, premium: boolean): Promise<string> {
  if (reaction._ === 'reactionEmpty') throw new RpcError('REACTION_EMPTY')
  const key = reactionKey(reaction)
  if (key === undefined) throw new RpcError('REACTION_INVALID')
  if (reaction._ !== 'reactionCustomEmoji') {
    if (!isStandard(key)) throw new RpcError('REACTION_INVALID')
    return key
  }
  if (!premium) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  await checkCustom(ctx, reaction.documentId)
  return key
}

/** DOCUMENT_INVALID for what is no custom emoji. */
export async function checkCustom(ctx: Ctx, documentId: bigint): Promise<void> {
  const row = await documentRow(ctx, rowId(documentId))
  const document = row && (readObject(row.tl) as tl.document)
  if (!document?.attributes.some((a) => a._ === 'documentAttributeCustomEmoji')) throw new RpcError('DOCUMENT_INVALID')
}

const counts = query<{ origins: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('reaction_count')
    .selectAll()
    .where('origin', 'in', d.each(p.origins) as never)
    .orderBy('count', 'desc')
    .orderBy('date')
    .orderBy('reaction'),
)
const ofPerson = query<{ origins: readonly number[]; peer: number }>()((db, p, d) =>
  db
    .selectFrom('reaction')
    .selectAll()
    .where('origin', 'in', d.each(p.origins) as never)
    .where('peer', '=', p.peer)
    .orderBy('n'),
)
const newest = query<{ origin: number; limit: number }>()((db, p) =>
  db
    .selectFrom('reaction')
    .selectAll()
    .where('origin', '=', p.origin)
    .orderBy('date', 'desc')
    .orderBy('peer', 'desc')
    .orderBy('n', 'desc')
    .limit(p.limit),
)
const unread = query<{ origin: number; limit: number }>()((db, p) =>
  db
    .selectFrom('reaction')
    .selectAll()
    .where('origin', '=', p.origin)
    .where('unread', '=', 1)
    .orderBy('date', 'desc')
    .orderBy('peer', 'desc')
    .orderBy('n', 'desc')
    .limit(p.limit),
)

/** Reactions that a message has. */
export async function keysOn(ctx: Ctx, { origin, reacted }: MessageRow): Promise<Set<string>> {
  if (reacted === 0) return new Set()
  return new Set((await ctx.run(counts, { origins: [origin] })).map((count) => count.reaction))
}

/** What one person reacted to a message with, in their order. */
export function reactionsOf(ctx: Ctx, origin: number, peer: number): Promise<ReactionRow[]> {
  return ctx.run(ofPerson, { origins: [origin], peer })
}

/** Who wrote a message; undefined where that is the channel itself. */
export function authorOf(row: MessageRow): number | undefined {
  const author = row.owner < 0 ? (row.sender ?? 0) : row.from_id
  return author > 0 ? author : undefined
}

/** One's own saved messages: reactions are tags there. */
export const isSaved = (row: MessageRow): boolean => row.owner > 0 && row.peer === row.owner

/** Whether a message of a group is a channel's post that is discussed there: only those have no author among people. */
export const isDiscussed = (row: MessageRow): row is MessageRow & { sender: number } =>
  row.owner < 0 && row.out === 0 && row.sender !== null && row.sender < 0

/** Whether everybody may see who reacted: not to what a broadcast channel posted, wherever it is discussed. */
export const showsReactors = (row: MessageRow): boolean =>
  !isSaved(row) && !(row.owner < 0 && row.out === 1) && !isDiscussed(row)

/** Whether there is a list of who reacted beside what comes with the message: between two people there is no need. */
const hasList = (row: MessageRow): boolean => showsReactors(row) && kindOf(row.peer) !== 'user'

/**
 * @param voter who the viewer is among them
 * @param author whether the viewer wrote the message
 */
export function viewReactor(row: ReactionRow, voter: number, author: boolean): tl.messagePeerReaction {
  return {
    _: 'messagePeerReaction',
    big: row.big === 1 || undefined,
    unread: (author && row.unread === 1) || undefined,
    my: row.peer === voter || undefined,
    peerId: toPeer(row.peer),
    date: row.date,
    reaction: viewReaction(row.reaction),
  }
}

/**
 * The reactions of messages as their viewer sees them, by message id; those without are missing, and cost nothing.
 * https://core.telegram.org/constructor/messageReactions
 */
export async function viewReactions(
  ctx: Ctx,
  rows: readonly MessageRow[],
): Promise<Map<MessageRow, tl.messageReactions>> {
  const views = new Map<MessageRow, tl.messageReactions>()
  const reacted = rows.filter((row) => row.reacted === 1)
  if (reacted.length === 0) return views
  const origins = [...new Set(reacted.map((row) => row.origin))]
  const all = Map.groupBy(await ctx.run(counts, { origins }), (c) => c.origin)
  const mine = new Map<number, ReactionRow[]>()
  for (const [peer, own] of await byVoter(ctx, reacted)) {
    const chosen = await ctx.run(ofPerson, { origins: own.map((row) => row.origin), peer })
    for (const [origin, those] of Map.groupBy(chosen, (r) => r.origin)) mine.set(origin, those)
  }
  for (const row of reacted) {
    const own = mine.get(row.origin) ?? []
    const chosen = new Map(own.map((r, i) => [r.reaction, i]))
    views.set(row, {
      _: 'messageReactions',
      canSeeList: hasList(row) || undefined,
      reactionsAsTags: isSaved(row) || undefined,
      results: (all.get(row.origin) ?? []).map((c) => ({
        _: 'reactionCount',
        chosenOrder: chosen.get(c.reaction),
        reaction: viewReaction(c.reaction),
        count: c.count,
      })),
      recentReactions: showsReactors(row) ? await recent(ctx, row) : undefined,
    })
  }
  return views
}

async function recent(ctx: Ctx, row: MessageRow): Promise<tl.messagePeerReaction[]> {
  const author = authorOf(row) === ctx.viewer
  const last = await ctx.run(newest, { origin: row.origin, limit: RECENT })
  const fresh = author && (row.unseen & UNSEEN.reactions) !== 0
  const seen = new Set(last.map((r) => `${r.peer} ${r.reaction}`))
  const more = fresh ? await ctx.run(unread, { origin: row.origin, limit: UNREAD }) : []
  const voter = await voterInBox(ctx, row.owner)
  return [...last, ...more.filter((r) => !seen.has(`${r.peer} ${r.reaction}`))].map((r) =>
    viewReactor(r, voter, author),
  )
}

/** https://core.telegram.org/constructor/updateMessageReactions */
export function reactionsUpdate(
  row: MessageRow,
  reactions: tl.messageReactions | undefined,
): tl.updateMessageReactions {
  return {
    _: 'updateMessageReactions',
    peer: toPeer(row.peer),
    msgId: row.id,
    topMsgId: topicOf(row),
    savedPeerId: row.saved_peer === null ? undefined : toPeer(row.saved_peer),
    reactions: reactions ?? {
      _: 'messageReactions',
      canSeeList: hasList(row) || undefined,
      reactionsAsTags: isSaved(row) || undefined,
      results: [],
    },
  }
}
