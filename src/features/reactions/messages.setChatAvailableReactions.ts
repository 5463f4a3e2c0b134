import { access } from '../../domain/access.ts'
import { tellMembers } from '../../domain/chat-members.ts'
import { isPresent, mayInChat } from '../../domain/chat-rights.ts'
import { atRest } from '../../domain/message-view.ts'
import { checkCustom, REACTION_LIMITS, reactionKey, viewReaction } from '../../domain/reactions.ts'
import { asUpdates } from '../../domain/sent.ts'
import { isStandard } from '../../domain/standard-reactions.ts'
import type { Ctx } from '../../rpc/context.ts'
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
    // @TODO channels keep theirs in their own folder; stars end with theirs.
    if (peer.kind === 'channel' || req.paidEnabled) throw new RpcError('NOT_IMPLEMENTED')
    if (!isPresent(peer) || !mayInChat(peer, 'changeInfo')) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const chosen = await checked(ctx, req.availableReactions)
    const limit = checkLimit(req.reactionsLimit)
    const reactions = chosen._ === 'chatReactionsAll' && !chosen.allowCustom ? null : atRest(chosen)
    const update: tl.Update = { _: 'updateChat', chatId: peer.id }
    await ctx.transact(async (tx) => {
      const before = await tx.trx
        .selectFrom('chat')
        .select(['reactions', 'reactions_limit'])
        .where('id', '=', peer.id)
        .executeTakeFirstOrThrow()
      const same = (a: Uint8Array | null, b: Uint8Array | null) => (a && b ? Buffer.compare(a, b) === 0 : a === b)
      if (same(before.reactions, reactions) && before.reactions_limit === limit) throw new RpcError('CHAT_NOT_MODIFIED')
      await tx.trx.updateTable('chat').set({ reactions, reactions_limit: limit }).where('id', '=', peer.id).execute()
      await tellMembers(tx, peer.id, update)
    })
    return asUpdates(ctx, [update])
  },
  { flood: 'write' },
)

function checkLimit(limit: number | undefined): number | null {
  if (limit === undefined || limit === REACTION_LIMITS.unique) return null
  if (limit < 1 || limit > REACTION_LIMITS.unique) throw new RpcError('REACTION_INVALID')
  return limit
}

/** What a group is to take, each of it there to react with. */
async function checked(ctx: Ctx, given: tl.ChatReactions): Promise<tl.ChatReactions> {
  if (given._ === 'chatReactionsNone') return given
  if (given._ === 'chatReactionsAll') return { _: 'chatReactionsAll', allowCustom: given.allowCustom || undefined }
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
  return { _: 'chatReactionsSome', reactions: [...keys].map(viewReaction) }
}
