import { access, namedPeer } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { noMonoforum } from './dialogs.ts'
import { savedFrom, savedSource } from './history.ts'

export default method(
  'messages.getSavedHistory',
  async (ctx, req) => {
    noMonoforum(req.parentPeer && (await access.peer(ctx, req.parentPeer)))
    const peer = namedPeer(ctx, req.peer)
    if (peer === 0) throw new RpcError('PEER_ID_INVALID')
    const rows = await readPage(req, savedSource(ctx, peer, req))
    const { count } = await savedFrom(ctx, peer)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return answerMessages(ctx, rows, { count, hash: req.hash })
  },
  { flood: 'read' },
)
