import { namedPeer } from '../../domain/access.ts'
import { managedMonoforum } from '../../domain/direct-messages.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import { inTopic } from '../../domain/topic-history.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { boxState, lockBoxes } from '../../updates/log.ts'
import { unpinEmpty } from './dialogs.ts'

/** Messages deleted in one call; the client repeats it until nothing is left. */
const PORTION = 500

export default method(
  'messages.deleteSavedHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const monoforum = req.parentPeer && (await managedMonoforum(tx, req.parentPeer))
      const peer = namedPeer(tx, req.peer)
      if (peer === 0) throw new RpcError('PEER_ID_INVALID')
      const owner = monoforum?.peer ?? tx.userId
      await lockBoxes(tx, [owner])
      const { maxId, minDate = 0, maxDate = 0 } = req
      const all = inTopic(tx, owner, peer)
        .$if(maxId > 0, (q) => q.where('id', '<=', maxId))
        .$if(minDate > 0, (q) => q.where('date', '>=', minDate))
        .$if(maxDate > 0, (q) => q.where('date', '<=', maxDate))
      const rows = await all.selectAll().orderBy('id', 'desc').limit(PORTION).execute()
      const published = (await removeMessages(tx, new Map([[owner, rows]]))).get(owner)
      if (!monoforum) await unpinEmpty(tx, peer)
      const left = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
      const pts = published?.pts ?? (await boxState(tx, owner)).pts
      return { _: 'messages.affectedHistory', pts, ptsCount: published?.ptsCount ?? 0, offset: left.count }
    }),
  { flood: 'write' },
)
