import { access, type ChannelRef, type ChatRef } from '../../domain/access.ts'
import { mustHaveLevel } from '../../domain/boosts.ts'
import { logEvent, tellAll } from '../../domain/channel-members.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { tellMembers } from '../../domain/chat-members.ts'
import { isPresent, mayInChat } from '../../domain/chat-rights.ts'
import { atRest } from '../../domain/message-view.ts'
import {
  checkCustom,
  REACTION_LIMITS,
  reactionKey,
  reactionsOfPlace,
  takesAnyCustom,
  viewReaction,
} from '../../domain/reactions.ts'
import { asUpdates } from '../../domain/sent.ts'
import { isStandard } from '../../domain/standard-reactions.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Reactions that a group can list. */
const LISTED = 100

export default method(
  'messages.setChatAvailableReactions',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    if (peer.kind === 'user') throw new RpcError('PEER_ID_INVALID')
    // @TODO stars end with their own folder.
    if (req.paidEnabled) throw new RpcError('NOT_IMPLEMENTED')
    if (peer.kind === 'channel') mustInChannel(ctx, peer, 'changeInfo')
    else if (!isPresent(peer) || !mayInChat(peer, 'changeInfo')) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const chosen = await checked(ctx, peer, req.availableReactions)
    const limit = checkLimit(req.reactionsLimit)
    const update = await ctx.transact((tx) =>
      peer.kind === 'channel' ? setInChannel(tx, peer, chosen, limit) : setInChat(tx, peer, chosen, limit),
    )
    return asUpdates(ctx, [update])
  },
  { flood: 'write' },
)

/** All reactions, as a place that has chosen none has them. */
const isDefault = (chosen: tl.ChatReactions, custom: boolean): boolean =>
  chosen._ === 'chatReactionsAll' && (chosen.allowCustom === true) === custom

interface Kept {
  reactions: Uint8Array | null
  reactions_limit: number | null
}

/** CHAT_NOT_MODIFIED where that is what they are already. */
function mustDiffer(before: Kept, after: Kept): void {
  const same = (a: Uint8Array | null, b: Uint8Array | null) => (a && b ? Buffer.compare(a, b) === 0 : a === b)
  if (same(before.reactions, after.reactions) && before.reactions_limit === after.reactions_limit) {
    throw new RpcError('CHAT_NOT_MODIFIED')
  }
}

async function setInChat(tx: Tx, chat: ChatRef, chosen: tl.ChatReactions, limit: number | null): Promise<tl.Update> {
  const set = { reactions: isDefault(chosen, false) ? null : atRest(chosen), reactions_limit: limit }
  const before = await tx.trx
    .selectFrom('chat')
    .select(['reactions', 'reactions_limit'])
    .where('id', '=', chat.id)
    .executeTakeFirstOrThrow()
  mustDiffer(before, set)
  await tx.trx.updateTable('chat').set(set).where('id', '=', chat.id).execute()
  const update: tl.Update = { _: 'updateChat', chatId: chat.id }
  await tellMembers(tx, chat.id, update)
  return update
}

async function setInChannel(
  tx: Tx,
  channel: ChannelRef,
  chosen: tl.ChatReactions,
  limit: number | null,
): Promise<tl.Update> {
  const set = {
    reactions: isDefault(chosen, takesAnyCustom(channel.row)) ? null : atRest(chosen),
    reactions_limit: limit,
  }
  mustDiffer(channel.row, set)
  const prevValue = reactionsOfPlace(channel.row)
  await setChannel(tx, channel, set)
  const newValue = chosen
  await logEvent(tx, channel.id, 'settings', {
    _: 'channelAdminLogEventActionChangeAvailableReactions',
    prevValue,
    newValue,
  })
  return tellAll(tx, channel.id)
}

function checkLimit(limit: number | undefined): number | null {
  if (limit === undefined || limit === REACTION_LIMITS.unique) return null
  if (limit < 1 || limit > REACTION_LIMITS.unique) throw new RpcError('REACTION_INVALID')
  return limit
}

/** What a group is to take, each of it there to react with. */
async function checked(ctx: Ctx, place: ChannelRef | ChatRef, given: tl.ChatReactions): Promise<tl.ChatReactions> {
  if (given._ === 'chatReactionsNone') return given
  const broadcast = place.kind === 'channel' && place.row.megagroup === 0
  if (given._ === 'chatReactionsAll') {
    return { _: 'chatReactionsAll', allowCustom: (!broadcast && given.allowCustom) || undefined }
  }
  if (given.reactions.length === 0) return { _: 'chatReactionsNone' }
  if (given.reactions.length > LISTED) throw new RpcError('REACTION_INVALID')
  const keys = new Set<string>()
  for (const reaction of given.reactions) {
    const key = reactionKey(reaction)
    if (key === undefined) throw new RpcError('REACTION_INVALID')
    if (reaction._ === 'reactionCustomEmoji') await checkCustom(ctx, reaction.documentId)
    else if (!isStandard(key)) throw new RpcError('REACTION_INVALID')
    keys.add(key)
  }
  const reactions = [...keys].map(viewReaction)
  // As many emoji of its own as its level.
  if (broadcast) mustHaveLevel(ctx, place.row, reactions.filter((r) => r._ === 'reactionCustomEmoji').length)
  return { _: 'chatReactionsSome', reactions }
}
