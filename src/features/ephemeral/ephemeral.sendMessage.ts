import { access, type UserRef } from '../../domain/access.ts'
import { askedQuery } from '../../domain/callback-queries.ts'
import { isAdmin as isChannelAdmin } from '../../domain/channel-rights.ts'
import { isAdmin } from '../../domain/chat-rights.ts'
import { addWelcome, type Content, type GroupRef, sendEphemeral, topicOfEphemeral } from '../../domain/ephemeral.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { compose } from './content.ts'
import { group, isThere, welcoming } from './places.ts'
import { answered } from './replies.ts'

type Request = Params<'ephemeral.sendMessage'>

/**
 * In a group a member says something to one bot of it, or a bot to one member: nobody else sees it. A member gives a
 * command, or answers what the bot has said to them; a bot answers that, or a button that was pressed, and says of itself
 * only what it may as an administrator. With `welcome` it is what the group says to everybody who comes in.
 * https://core.telegram.org/bots/api#ephemeral-messages-and-commands
 */
export default method(
  'ephemeral.sendMessage',
  async (ctx, req) => {
    if (req.randomId === 0n) throw new RpcError('RANDOM_ID_EMPTY')
    // @TODO taking the place of a message whose button was pressed ends with the bots' folder.
    if (req.anchor) throw new RpcError('NOT_IMPLEMENTED')
    if (req.welcome) return sendWelcome(ctx, req)
    const peer = await group(ctx, req.peer)
    const receiver = await access.user(ctx, req.receiverId)
    if (receiver.self || !(await isThere(ctx, peer, receiver.id))) throw new RpcError('USER_ID_INVALID')
    const place = await answered(ctx, peer, receiver, req.replyTo)
    const content = await compose(ctx, req)
    let pressedIn: number | undefined
    if (ctx.session?.auth.bot) pressedIn = await botMay(ctx, peer, receiver, req, place.replyTo)
    else memberMay(receiver, content, place.replyTo)
    return ctx.transact(async (tx) => {
      const { randomId, noforwards } = req
      const topic = place.topic ?? pressedIn
      const message = { ...content, ...place, topic, from: tx.userId, receiver: receiver.id, noforwards, randomId }
      return asUpdates(tx, [await sendEphemeral(tx, peer.peer, message)])
    })
  },
  { flood: 'send' },
)

async function sendWelcome(ctx: Ctx, req: Request): Promise<tl.updates> {
  const peer = await welcoming(ctx, req.peer)
  const content = await compose(ctx, req)
  return ctx.transact(async (tx) =>
    asUpdates(tx, [await addWelcome(tx, peer.peer, { ...content, noforwards: req.noforwards })]),
  )
}

function memberMay(receiver: UserRef, content: Content, replyTo: number | undefined): void {
  if (receiver.row.bot === 0) throw new RpcError('USER_BOT_REQUIRED')
  if (replyTo === undefined && !/^\/\w/.test(content.text)) throw new RpcError('MESSAGE_ID_INVALID')
}

/** @returns the topic in which the button was pressed that it answers */
async function botMay(
  ctx: Ctx,
  peer: GroupRef,
  receiver: UserRef,
  req: Request,
  replyTo: number | undefined,
): Promise<number | undefined> {
  if (receiver.row.bot === 1) throw new RpcError('USER_ID_INVALID')
  if (req.queryId !== undefined) {
    const query = await askedQuery(ctx, req.queryId)
    if (query.user_id !== receiver.id || query.peer !== peer.peer) throw new RpcError('QUERY_ID_INVALID')
    return topicOfEphemeral(ctx, peer.peer, query.message_id)
  }
  if (replyTo !== undefined) return undefined
  const admin = peer.kind === 'chat' ? isAdmin(peer) : isChannelAdmin(peer.member)
  if (!admin) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return undefined
}
