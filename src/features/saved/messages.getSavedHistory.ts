import { namedPeer } from '../../domain/access.ts'
import { managedMonoforum } from '../../domain/direct-messages.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { inTopic, topicSource } from '../../domain/topic-history.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getSavedHistory',
  async (ctx, req) => {
    const channel = req.parentPeer && (await managedMonoforum(ctx, req.parentPeer))
    const peer = namedPeer(ctx, req.peer)
    if (peer === 0) throw new RpcError('PEER_ID_INVALID')
    const owner = channel?.peer ?? ctx.userId
    const rows = await readPage(req, topicSource(ctx, owner, peer, req))
    const { count } = await inTopic(ctx, owner, peer)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return answerMessages(ctx, rows, { count, hash: req.hash, channel })
  },
  { flood: 'read' },
)
