import { access } from '../../domain/access.ts'
import { hasRight } from '../../domain/channel-rights.ts'
import { mayQueue, scheduledRow } from '../../domain/scheduled-rows.ts'
import { claim, tellGone } from '../../domain/scheduled-send.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { checkIds } from './ids.ts'

export default method(
  'messages.deleteScheduledMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const at = await access.peer(tx, req.peer)
      const { peer } = at
      if (!mayQueue(at)) throw new RpcError('MESSAGE_DELETE_FORBIDDEN')
      const ids = checkIds(tx, req.id)
      if (!(at.kind === 'channel' && hasRight(at, 'deleteMessages'))) await mustBeOwn(tx, peer, ids)
      const gone = ids.length > 0 ? (await claim(tx, peer, { ids })).map((row) => row.id) : []
      return asUpdates(tx, gone.length > 0 ? [await tellGone(tx, peer, gone)] : [])
    }),
  { flood: 'write' },
)

/** What others have scheduled in a channel is taken out by who may delete there. */
async function mustBeOwn(ctx: Ctx, peer: number, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const author = (await scheduledRow(ctx, peer, id))?.author ?? ctx.userId
    if (author !== ctx.userId) throw new RpcError('MESSAGE_DELETE_FORBIDDEN')
  }
}
