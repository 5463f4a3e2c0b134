import { access } from '../../domain/access.ts'
import { directTopic, managedMonoforum } from '../../domain/direct-messages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { readTopic } from './monoforums.ts'

/** Nothing but the direct messages of a channel has saved dialogs that are read. */
export default method(
  'messages.readSavedHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const monoforum = await managedMonoforum(tx, req.parentPeer, 'PARENT_PEER_INVALID')
      const { peer } = await access.peer(tx, req.peer)
      const topic = await directTopic(tx, monoforum.id, peer)
      if (!topic) throw new RpcError('PEER_ID_INVALID')
      await readTopic(tx, monoforum, topic, req.maxId)
      return true
    }),
  { flood: 'write' },
)
