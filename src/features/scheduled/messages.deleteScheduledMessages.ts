import { access } from '../../domain/access.ts'
import { claim, tellGone } from '../../domain/scheduled-send.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { checkIds } from './ids.ts'

export default method(
  'messages.deleteScheduledMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { peer } = await access.peer(tx, req.peer)
      const ids = checkIds(tx, req.id)
      const gone = ids.length > 0 ? (await claim(tx, peer, { ids })).map((row) => row.id) : []
      return asUpdates(tx, gone.length > 0 ? [await tellGone(tx, peer, gone)] : [])
    }),
  { flood: 'write' },
)
