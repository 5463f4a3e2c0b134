import { access, type ChannelRef, type ChatRef, type PeerRef, type UserRef } from '../../domain/access.ts'
import { addPeople } from '../../domain/channel-join.ts'
import { announceIn, lockChannel } from '../../domain/channel-members.ts'
import { isIn, mustInChannel } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { addMember, announce, bumpVersion, tellParticipants } from '../../domain/chat-members.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { GONE, memberRow } from '../../domain/chat-rows.ts'
import { composeText } from '../../domain/outgoing.ts'
import { maySend } from '../../domain/rights.ts'
import { type Sent, sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** https://core.telegram.org/api/links#bot-links */
const LONGEST = 64

/**
 * Presses a bot's START for a link: the sender sees the command, the bot what the link said besides. In a group, where
 * the bot is put if it is not there, everybody sees both.
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
    if (peer.kind !== 'user') return startInGroup(ctx, bot, peer, param, req.randomId)
    const { text, entities } = await composeText(ctx, '/start', undefined)
    const content = { text, entities, textForOther: `/start ${param}`, randomId: req.randomId }
    const sent = await ctx.transact((tx) => sendMessage(tx, access.me(tx), peer, content))
    return sentUpdates(ctx, [sent], [])
  },
  { flood: 'send' },
)

/** The chat with the bot, or a group. */
async function chatOf(ctx: Ctx, bot: UserRef, input: tl.InputPeer): Promise<PeerRef> {
  if (input._ === 'inputPeerEmpty') return bot
  const peer = await access.peer(ctx, input)
  if (peer.kind === 'user' ? peer.id !== bot.id : peer.kind === 'channel' && peer.row.megagroup === 0) {
    throw new RpcError('PEER_ID_INVALID')
  }
  return peer
}

/** Puts the bot into a group, if it is not there, and says the command to it in front of everybody. */
async function startInGroup(
  ctx: Ctx,
  bot: UserRef,
  named: ChatRef | ChannelRef,
  param: string,
  randomId: bigint,
): Promise<tl.Updates> {
  const { text, entities } = await composeText(ctx, `/start@${bot.row.username} ${param}`, undefined)
  return ctx.transact(async (tx) => {
    const group = named.kind === 'channel' ? await lockChannel(tx, named.id) : await access.chat(tx, named.id)
    const added = group.kind === 'channel' ? await intoSupergroup(tx, bot, group) : await intoChat(tx, bot, group)
    const sent = await sendMessage(tx, access.me(tx), group, { text, entities, randomId })
    return sentUpdates(tx, [...added, sent], [])
  })
}

async function intoSupergroup(tx: Tx, bot: UserRef, group: ChannelRef): Promise<Sent[]> {
  if (isIn(await channelMember(tx, group.id, bot.id))) return []
  mustInChannel(tx, group, 'inviteUsers')
  const { added } = await addPeople(tx, group, [bot])
  return [await announceIn(tx, access.me(tx), group.id, { action: { _: 'messageActionChatAddUser', users: added } })]
}

async function intoChat(tx: Tx, bot: UserRef, chat: ChatRef): Promise<Sent[]> {
  if ((await memberRow(tx, chat.id, bot.id))?.gone === GONE.in) return []
  mustInChat(chat, 'inviteUsers')
  const { count } = await bumpVersion(tx, chat.id, 1)
  if (count > tx.app.config.limits.chatMembers) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  await addMember(tx, chat.id, bot, tx.userId)
  const sent = await announce(tx, chat.id, { action: { _: 'messageActionChatAddUser', users: [bot.id] } })
  await tellParticipants(tx, chat.id)
  return [sent]
}
