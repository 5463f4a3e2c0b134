import { access } from '../../domain/access.ts'
import {
  contentOf,
  editEphemeral,
  editWelcome,
  ephemeralMessage,
  type WelcomeRow,
  welcomeMessages,
} from '../../domain/ephemeral.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { compose } from './content.ts'
import { group, welcoming } from './places.ts'

/** A bot changes what it said to somebody; an administrator, what the group says to newcomers. */
export default method(
  'ephemeral.editMessage',
  async (ctx, req) => {
    if (req.welcome) {
      const peer = await welcoming(ctx, req.peer)
      const row = (await welcomeMessages(ctx, peer.peer)).find((one: WelcomeRow) => one.id === req.id)
      if (!row) throw new RpcError('MESSAGE_ID_INVALID')
      const content = await compose(ctx, req, contentOf(row))
      return ctx.transact(async (tx) => asUpdates(tx, [await editWelcome(tx, row, content)]))
    }
    const peer = await group(ctx, req.peer)
    const receiver = await access.user(ctx, req.receiverId)
    const row = await ephemeralMessage(ctx, peer.peer, req.id)
    if (row.receiver !== receiver.id) throw new RpcError('MESSAGE_ID_INVALID')
    if (row.from_id !== ctx.userId || !ctx.session?.auth.bot) throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
    const content = await compose(ctx, req, contentOf(row))
    return ctx.transact(async (tx) => asUpdates(tx, [await editEphemeral(tx, row, content)]))
  },
  { flood: 'send' },
)
