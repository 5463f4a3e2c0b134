import { access } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { personalChannel } from '../../domain/personal-channel.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { historySource } from './history.ts'

/** Bots read what somebody's channel says. https://core.telegram.org/method/messages.getPersonalChannelHistory */
export default method(
  'messages.getPersonalChannelHistory',
  async (ctx, req) => {
    if (!ctx.session?.auth.bot) throw new RpcError('USER_BOT_REQUIRED')
    const user = await access.user(ctx, req.userId)
    const channel = await personalChannel(ctx, user.row)
    if (!channel) return answerMessages(ctx, [], { count: 0, hash: req.hash })
    const { limit, maxId, minId, hash } = req
    const page = { offsetId: maxId, addOffset: 0, limit, minId }
    const rows = await readPage(page, historySource(ctx, channel, page))
    return answerMessages(ctx, rows, { count: channel.row.messages, hash, channel })
  },
  { flood: 'read' },
)
