import { namedPeer } from '../../domain/access.ts'
import { managedMonoforum } from '../../domain/direct-messages.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { asksPosition, readPage } from '../../domain/pagination.ts'
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
    const counted = (from: number) =>
      inTopic(ctx, owner, peer)
        .where('id', '>=', from)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    const { count } = await counted(0)
    const offsetIdOffset = asksPosition(req) ? (await counted(req.offsetId)).count : undefined
    return answerMessages(ctx, rows, { count, offsetIdOffset, hash: req.hash, channel })
  },
  { flood: 'read' },
)
