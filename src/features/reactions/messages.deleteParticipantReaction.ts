import { access, boxOf } from '../../domain/access.ts'
import { react } from '../../domain/react.ts'
import { REACTION_LIMITS } from '../../domain/reactions.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { reactionsNow } from './actions.ts'
import { mayTakeReactions } from './remove.ts'

export default method(
  'messages.deleteParticipantReaction',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.msgId)
    const participant = await access.peer(ctx, req.participant)
    mayTakeReactions(peer)
    return ctx.transact(async (tx) => {
      await react(tx, row, { by: participant.peer, wanted: [], big: false, unique: REACTION_LIMITS.unique })
      return asUpdates(tx, [await reactionsNow(tx, boxOf(tx, peer), row.id)])
    })
  },
  { flood: 'write' },
)
