import { access, boxOf } from '../../domain/access.ts'
import { react } from '../../domain/react.ts'
import { REACTION_LIMITS } from '../../domain/reactions.ts'
import { method } from '../../rpc/method.ts'
import { mayTakeReactions } from './remove.ts'

/** Messages that one call frees of somebody's reactions, the newest first. */
const PORTION = 1000

export default method(
  'messages.deleteParticipantReactions',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const participant = await access.peer(ctx, req.participant)
    mayTakeReactions(peer)
    await ctx.transact(async (tx) => {
      const rows = await tx.trx
        .selectFrom('message as m')
        .selectAll('m')
        .where('m.owner', '=', boxOf(tx, peer))
        .where('m.peer', '=', peer.peer)
        .where('m.reacted', '=', 1)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('reaction as r')
              .select('r.n')
              .whereRef('r.origin', '=', 'm.origin')
              .where('r.peer', '=', participant.peer),
          ),
        )
        .orderBy('m.id', 'desc')
        .limit(PORTION)
        .execute()
      const nothing = { by: participant.peer, wanted: [], big: false, unique: REACTION_LIMITS.unique }
      for (const row of rows) await react(tx.aloud, row, nothing)
    })
    return true
  },
  { flood: 'write' },
)
