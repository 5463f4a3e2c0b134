import { removeWelcomes, welcomeMessages } from '../../domain/ephemeral.ts'
import { method } from '../../rpc/method.ts'
import { welcoming } from './places.ts'

export default method(
  'ephemeral.deleteAllWelcomeMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await welcoming(tx, req.peer)
      const ids = (await welcomeMessages(tx, peer.peer)).map((row) => row.id)
      if (ids.length > 0) await removeWelcomes(tx, peer.peer, ids)
      return true
    }),
  { flood: 'write' },
)
