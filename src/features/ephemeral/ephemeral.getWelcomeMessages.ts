import { viewWelcome, welcomeMessages } from '../../domain/ephemeral.ts'
import { listHash } from '../../domain/list-hash.ts'
import { method } from '../../rpc/method.ts'
import { welcoming } from './places.ts'

export default method(
  'ephemeral.getWelcomeMessages',
  async (ctx, req) => {
    const peer = await welcoming(ctx, req.peer)
    const rows = await welcomeMessages(ctx, peer.peer)
    const hash = listHash(rows.flatMap((row) => [row.id, row.version]))
    if (req.hash !== 0n && req.hash === hash) return { _: 'ephemeral.welcomeMessagesNotModified' }
    return { _: 'ephemeral.welcomeMessages', hash, messages: rows.map((row) => viewWelcome(ctx, row)) }
  },
  { flood: 'read' },
)
