import { access, boxOf, type PeerRef } from '../../domain/access.ts'
import { isIn, keptFrom } from '../../domain/channel-rights.ts'
import { channelRow } from '../../domain/channel-rows.ts'
import { isPresent, mayInChat } from '../../domain/chat-rights.ts'
import { type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { takesReactions } from '../../domain/message-view.ts'
import { bareId } from '../../domain/peers.ts'
import { react } from '../../domain/react.ts'
import {
  checkReaction,
  isCustom,
  isDiscussed,
  isSaved,
  keysOn,
  REACTION_LIMITS,
  reactionKey,
  reactionsOfPlace,
  reactionsUpdate,
  viewReactions,
} from '../../domain/reactions.ts'
import { actingVoter, voterIn } from '../../domain/send-as.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const countUse = query<{ owner: number; reaction: string; recent: number }>()((db, p, d) =>
  db
    .insertInto('reaction_use')
    .values({ owner: p.owner, reaction: p.reaction, uses: 1, recent_ms: p.recent })
    .onConflict((c) =>
      c.columns(['owner', 'reaction']).doUpdateSet((eb) => ({
        uses: eb('reaction_use.uses', '+', 1),
        recent_ms: d.greatest(eb.ref('reaction_use.recent_ms'), eb.ref('excluded.recent_ms')),
      })),
    ),
)

/** What may be reacted with in a dialog, and how many different reactions a message may have there. */
export interface Available {
  allows(key: string): boolean
  /** Whether it is named, and so for everybody: custom emoji are for Premium elsewhere. */
  lists(key: string): boolean
  unique: number
}

/**
 * What a channel's post may be reacted with is what the channel says, where it is discussed, too. What somebody has
 * reacted with is still there for others, unless nobody is to react any more.
 * https://core.telegram.org/api/reactions#setting-available-reactions-in-a-chat
 */
async function availableFor(ctx: Ctx, peer: PeerRef, row: MessageRow): Promise<Available> {
  const everything = { allows: () => true, lists: () => false, unique: REACTION_LIMITS.unique }
  if (peer.kind === 'user') return everything
  const place = isDiscussed(row) ? ((await channelRow(ctx, bareId(row.sender))) ?? peer.row) : peer.row
  const chosen = reactionsOfPlace(place)
  const unique = place.reactions_limit ?? REACTION_LIMITS.unique
  const lists = () => false
  if (chosen._ === 'chatReactionsNone') return { allows: () => false, lists, unique }
  if (chosen._ === 'chatReactionsAll') {
    return { allows: (key) => chosen.allowCustom === true || !isCustom(key), lists, unique }
  }
  const listed = new Set(chosen.reactions.map(reactionKey))
  const there = await keysOn(ctx, row)
  return {
    allows: (key) => listed.has(key) || (!isCustom(key) && there.has(key)),
    lists: (key) => listed.has(key),
    unique,
  }
}

/**
 * Refuses to react where one may not: CHAT_WRITE_FORBIDDEN, USER_BANNED_IN_CHANNEL. To what a channel posts anybody may
 * who sees it; in a group one has to be in it, or it has to be a channel's comments.
 */
function mayReact(ctx: Ctx, peer: PeerRef): void {
  if (peer.kind === 'user') return
  if (peer.kind === 'chat') {
    if (!isPresent(peer) || !mayInChat(peer, 'sendReactions')) throw new RpcError('CHAT_WRITE_FORBIDDEN')
    return
  }
  const { row, member } = peer
  const guest = row.megagroup === 1 && !isIn(member)
  if (guest && (row.linked === null || row.join_to_send === 1)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  const kept = keptFrom(ctx, peer, 'sendReactions')
  if (kept) throw new RpcError(kept === 'own' ? 'USER_BANNED_IN_CHANNEL' : 'CHAT_WRITE_FORBIDDEN')
}

export interface Reaction {
  msgId: number
  reaction?: tl.Reaction[] | undefined
  big?: boolean | undefined
  addToRecent?: boolean | undefined
}

/**
 * Sets what the caller reacts to a message with. REACTION_INVALID for what the group does not take, REACTIONS_TOO_MANY,
 * PREMIUM_ACCOUNT_REQUIRED for more than one, for custom emoji and for tags.
 * https://core.telegram.org/method/messages.sendReaction
 */
export async function sendReaction(ctx: Ctx, peer: PeerRef, req: Reaction): Promise<tl.Update[]> {
  const { row } = await access.message(ctx, peer, req.msgId)
  if (!takesReactions(row)) throw new RpcError('MESSAGE_ID_INVALID')
  const available = await availableFor(ctx, peer, row)
  const wanted = await wantedKeys(ctx, available, row, req.reaction ?? [])
  if (wanted.length > 0) mayReact(ctx, peer)
  const by = wanted.length > 0 ? await actingVoter(ctx, peer) : await voterIn(ctx, peer)
  return ctx.transact(async (tx) => {
    const { unique } = available
    const added = await react(tx, row, { by, wanted, big: req.big === true, unique })
    await countUses(tx, added, req.addToRecent === true)
    if (isSaved(row)) await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateSavedReactionTags' } })
    const updates: tl.Update[] = [await reactionsNow(tx, boxOf(tx, peer), row.id)]
    if (isSaved(row)) updates.push({ _: 'updateSavedReactionTags' })
    return updates
  })
}

async function wantedKeys(ctx: Ctx, available: Available, row: MessageRow, given: tl.Reaction[]): Promise<string[]> {
  if (given.length === 0) return []
  const premium = (await userRow(ctx, ctx.userId))?.premium === 1
  if (given.length > REACTION_LIMITS.premium) throw new RpcError('REACTIONS_TOO_MANY')
  const keys: string[] = []
  for (const reaction of given) {
    keys.push(await checkReaction(ctx, reaction, premium || available.lists(reactionKey(reaction) ?? '')))
  }
  if (new Set(keys).size < keys.length) throw new RpcError('REACTION_INVALID')
  if (!keys.every((key) => available.allows(key))) throw new RpcError('REACTION_INVALID')
  if (!premium && (keys.length > REACTION_LIMITS.user || isSaved(row))) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  return keys
}

async function countUses(tx: Tx, added: readonly string[], remember: boolean): Promise<void> {
  const owner = tx.userId
  const recent = remember ? tx.app.clock.now() : 0
  for (const reaction of added) await tx.run(countUse, { owner, reaction, recent })
  if (remember && added.length > 0) {
    await tx.publish(owner, { kind: 'update', update: { _: 'updateRecentReactions' } })
  }
}

/** A message's reactions as they are now, for the caller. */
export async function reactionsNow(ctx: Ctx, owner: number, id: number): Promise<tl.updateMessageReactions> {
  const row = await messageRow(ctx, owner, id)
  if (!row) throw new RpcError('MESSAGE_ID_INVALID')
  return reactionsUpdate(row, (await viewReactions(ctx, [row])).get(row))
}
