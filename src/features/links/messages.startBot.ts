import { access, type PeerRef, type UserRef } from '../../domain/access.ts'
import { composeText } from '../../domain/outgoing.ts'
import { maySend } from '../../domain/rights.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** https://core.telegram.org/api/links#bot-links */
const LONGEST = 64

/**
 * Presses a bot's START for a link: the sender sees the command, the bot what the link said besides.
 * https://core.telegram.org/method/messages.startBot
 */
export default method(
  'messages.startBot',
  async (ctx, req) => {
    if (req.randomId === 0n) throw new RpcError('RANDOM_ID_EMPTY')
    const bot = await access.user(ctx, req.bot)
    if (bot.row.bot !== 1) throw new RpcError('BOT_INVALID')
    if (bot.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
    const param = req.startParam
    if (param === '') throw new RpcError('START_PARAM_EMPTY')
    if (param.length > LONGEST) throw new RpcError('START_PARAM_TOO_LONG')
    if (!/^[\w-]+$/.test(param)) throw new RpcError('START_PARAM_INVALID')
    const peer = await chatOf(ctx, bot, req.peer)
    await maySend(ctx, peer, ['sendPlain'])
    const { text, entities } = await composeText(ctx, '/start', undefined)
    const content = { text, entities, textForOther: `/start ${param}`, randomId: req.randomId }
    const sent = await ctx.transact((tx) => sendMessage(tx, access.me(tx), peer, content))
    return sentUpdates(ctx, [sent], [])
  },
  { flood: 'send' },
)

/** The chat with the bot. @TODO a bot that is put into a group by its link: ends with the bots' folder. */
async function chatOf(ctx: Ctx, bot: UserRef, input: tl.InputPeer): Promise<PeerRef> {
  if (input._ === 'inputPeerEmpty') return bot
  const peer = await access.peer(ctx, input)
  if (peer.kind !== 'user') throw new RpcError('NOT_IMPLEMENTED')
  if (peer.id !== bot.id) throw new RpcError('PEER_ID_INVALID')
  return peer
}
