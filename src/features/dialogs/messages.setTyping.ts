import { access, type ChannelRef, type ChatRef, type PeerRef, type UserRef } from '../../domain/access.ts'
import { botForum, botTopic, topicOfOther } from '../../domain/bot-forums.ts'
import { isAnonymous, maySayInChannel } from '../../domain/channel-rights.ts'
import { isAdmin, isPresent } from '../../domain/chat-rights.ts'
import { memberRows } from '../../domain/chat-rows.ts'
import { defaultBanned } from '../../domain/chats.ts'
import { managersOf } from '../../domain/direct-messages.ts'
import { addressFiles } from '../../domain/files.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { composeText } from '../../domain/outgoing.ts'
import { toPeer } from '../../domain/peers.ts'
import { richContent } from '../../domain/rich/content.ts'
import { shownRich } from '../../domain/rich/shown.ts'
import { copyId, hasBlocked } from '../../domain/send.ts'
import { chosenAuthor } from '../../domain/send-as.ts'
import { type Ctx, systemCtx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const blockersAmong = query<{ owners: readonly number[]; peer: number }>()((db, p, d) =>
  db
    .selectFrom('block')
    .select('owner')
    .where('owner', 'in', d.each(p.owners) as never)
    .where('peer', '=', p.peer)
    .where('stories', '=', 0),
)

export default method(
  'messages.setTyping',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const action = await checkAction(ctx, peer, req.action)
    if (peer.kind === 'chat') await tellChat(ctx, peer, action)
    else if (peer.kind === 'channel') await tellChannel(ctx, peer, action, req.topMsgId)
    else if (!peer.self) await tellUser(ctx, peer, action, req.topMsgId)
    return true
  },
  { flood: 'write' },
)

/** Longest emoji of an interaction, and its list of taps. */
const EMOTICON = 64
const INTERACTION = 4096

async function checkAction(ctx: Ctx, peer: PeerRef, action: tl.SendMessageAction): Promise<tl.SendMessageAction> {
  switch (action._) {
    case 'speakingInGroupCallAction':
      // @TODO group calls: ends with their own folder. Until then none is under way.
      throw new RpcError('GROUPCALL_FORBIDDEN')
    case 'sendMessageTextDraftAction':
      return textDraft(ctx, peer, action)
    case 'sendMessageStopDraftAction':
      // Whoever watches a bot write tells it to stop.
      if (peer.kind !== 'user' || peer.row.bot === 0) throw new RpcError('PEER_ID_INVALID')
      return action
    case 'inputSendMessageRichMessageDraftAction':
      return richDraft(ctx, peer, action)
    case 'sendMessageRichMessageDraftAction':
      // What is shown; what is said is the one above.
      throw new RpcError('PEER_ID_INVALID')
    case 'sendMessageEmojiInteraction':
      if (action.emoticon.length > EMOTICON || action.interaction.data.length > INTERACTION) {
        throw new RpcError('MESSAGE_TOO_LONG')
      }
      return action
    case 'sendMessageEmojiInteractionSeen':
      if (action.emoticon.length > EMOTICON) throw new RpcError('MESSAGE_TOO_LONG')
      return action
    default:
      return action
  }
}

/** What a bot has written so far of a message to somebody, who watches it grow. Nothing of it is kept. */
async function textDraft(
  ctx: Ctx,
  peer: PeerRef,
  action: tl.sendMessageTextDraftAction,
): Promise<tl.SendMessageAction> {
  if (!ctx.session?.auth.bot || peer.kind !== 'user') throw new RpcError('PEER_ID_INVALID')
  const { text, entities = [] } = await composeText(ctx, action.text.text, action.text.entities)
  return { ...action, text: { _: 'textWithEntities', text, entities } }
}

/** The same of a rich message, with the files in it as whoever watches can open them. */
async function richDraft(
  ctx: Ctx,
  peer: PeerRef,
  { richMessage, ...draft }: tl.inputSendMessageRichMessageDraftAction,
): Promise<tl.SendMessageAction> {
  if (!ctx.session?.auth.bot || peer.kind !== 'user') throw new RpcError('PEER_ID_INVALID')
  const { media } = await richContent(ctx, peer, richMessage)
  const shown = addressFiles(systemCtx(ctx.app, peer.id), shownRich(media))
  return { ...draft, _: 'sendMessageRichMessageDraftAction', richMessage: shown }
}

async function tellUser(
  ctx: Ctx,
  user: UserRef,
  action: tl.SendMessageAction,
  topic: number | undefined,
): Promise<void> {
  if (user.row.deleted) throw new RpcError('INPUT_USER_DEACTIVATED')
  if (user.row.bot && ctx.session?.auth.bot) throw new RpcError('USER_IS_BOT')
  if (await hasBlocked(ctx, user.id, ctx.userId)) throw new RpcError('USER_IS_BLOCKED')
  const shown = action._ === 'sendMessageEmojiInteraction' ? await onTheirCopy(ctx, user, action) : action
  const topMsgId = topic ? await onTheirSide(ctx, user, topic) : undefined
  ctx.app.hub.signal(user.id, { _: 'updateUserTyping', userId: ctx.userId, topMsgId, action: shown })
}

/** A topic of a bot's chat as the other side has it. */
async function onTheirSide(ctx: Ctx, user: UserRef, id: number): Promise<number | undefined> {
  const forum = await botForum(ctx, user)
  const topic = forum && (await botTopic(ctx, forum, id))
  return topic && topicOfOther(ctx, user.id, topic.origin)
}

/** A tap on an emoji names the sender's own message: the other side has it under a number of theirs. */
async function onTheirCopy(
  ctx: Ctx,
  user: UserRef,
  action: tl.sendMessageEmojiInteraction,
): Promise<tl.SendMessageAction> {
  const row = await messageRow(ctx, ctx.userId, action.msgId)
  const msgId = row && row.peer === user.peer ? await copyId(ctx, user.id, row.origin) : undefined
  if (msgId === undefined) throw new RpcError('MSG_ID_INVALID')
  return { ...action, msgId }
}

async function tellChat(ctx: Ctx, chat: ChatRef, action: tl.SendMessageAction): Promise<void> {
  if (!isPresent(chat) || (!isAdmin(chat) && defaultBanned(chat.row).sendMessages)) {
    throw new RpcError('CHAT_WRITE_FORBIDDEN')
  }
  const self = ctx.userId
  const others = (await memberRows(ctx, chat.id)).map((m) => m.user_id).filter((id) => id !== self)
  const blockers = new Set((await ctx.run(blockersAmong, { owners: others, peer: self })).map((row) => row.owner))
  const update: tl.Update = {
    _: 'updateChatUserTyping',
    chatId: chat.id,
    fromId: { _: 'peerUser', userId: self },
    action,
  }
  for (const id of others) if (!blockers.has(id)) ctx.app.hub.signal(id, update)
}

/** Members who are connected see it; nothing is said of who writes in the channel's own name. */
async function tellChannel(
  ctx: Ctx,
  channel: ChannelRef,
  action: tl.SendMessageAction,
  topMsgId: number | undefined,
): Promise<void> {
  maySayInChannel(ctx, channel, ['sendPlain'], () => undefined)
  if (channel.row.megagroup === 0) return
  if (channel.row.monoforum === 1) return tellManagers(ctx, channel, action)
  const usual = isAnonymous(channel) ? channel.peer : ctx.userId
  const fromId = toPeer((await chosenAuthor(ctx, channel)) ?? usual)
  ctx.app.hub.signal(
    channel.peer,
    { _: 'updateChannelUserTyping', channelId: channel.id, topMsgId, fromId, action },
    ctx.userId,
  )
}

/** Who writes to a channel is seen by those who answer. */
async function tellManagers(ctx: Ctx, monoforum: ChannelRef, action: tl.SendMessageAction): Promise<void> {
  if (monoforum.topic === undefined) return
  const fromId = toPeer(ctx.userId)
  const update: tl.Update = { _: 'updateChannelUserTyping', channelId: monoforum.id, fromId, action }
  for (const manager of await managersOf(ctx, monoforum.id)) ctx.app.hub.signal(manager, update)
}
