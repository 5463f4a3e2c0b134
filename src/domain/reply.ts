import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { access, boxOf, type ChannelRef, type PeerRef, seesIn } from './access.ts'
import { botForum, botTopicNamed } from './bot-forums.ts'
import { nameUsers, styleText } from './entities.ts'
import { forwardHeader } from './forward-header.ts'
import { type MessageRow, messageRow } from './message-rows.ts'
import { type Carried, readEntities, shownElsewhere, shownMedia, wordsOf } from './message-view.ts'
import { toPeer } from './peers.ts'
import { keptPoll, optionKey, pollRow } from './polls.ts'
import { mayForwardFrom } from './rights.ts'
import type { Answered, NewMessage } from './send.ts'
import { topicAt } from './threads.ts'
import { GENERAL, maySayInTopic, mustHaveTopic } from './topics.ts'

/** `quote_length_max` of the client configuration. */
const QUOTE_LENGTH = 1024
/** What of a quote's style is kept. */
const QUOTED = new Set([
  'messageEntityBold',
  'messageEntityItalic',
  'messageEntityUnderline',
  'messageEntityStrike',
  'messageEntitySpoiler',
  'messageEntityCustomEmoji',
])

/**
 * What a message answers, of what a client names: a message of the same chat, or of another one that may be shown here.
 * @param missing the error for a message that is not there
 * https://core.telegram.org/api/quotes
 */
export async function resolveReply(
  ctx: Ctx,
  peer: PeerRef,
  input: tl.InputReplyTo | undefined,
  missing: ErrorName = 'REPLY_MESSAGE_ID_INVALID',
): Promise<NewMessage['reply']> {
  if (!input) return undefined
  // Whose direct messages are meant is decided with the rest of what is sent.
  if (input._ === 'inputReplyToMonoForum') return undefined
  // What one alone sees is answered by what that one alone sees.
  if (input._ === 'inputReplyToEphemeralMessage') throw new RpcError(missing)
  // @TODO replies to stories: end with their folder.
  if (input._ !== 'inputReplyToMessage') throw new RpcError('NOT_IMPLEMENTED')
  if (input.replyToMsgId === 0) return undefined
  const source = input.replyToPeerId ? await access.peer(ctx, input.replyToPeerId) : peer
  const to = await named(ctx, source, input.replyToMsgId)
  const forum = peer.kind === 'channel' && peer.row.forum === 1 ? peer : undefined
  const bots = forum ? undefined : await botForum(ctx, peer)
  const topic = forum
    ? await topicNamed(ctx, forum, source, to, input)
    : bots && (await botTopicNamed(ctx, bots, source, to, input))
  if (topic && !(to && to.id !== topic.id && to.id !== GENERAL)) return inTopicAlone(topic.id)
  if (!to) throw new RpcError(missing)
  const part = await partMeant(ctx, to, input)
  if (!part) {
    const noOption = input.pollOption && missing === 'REPLY_MESSAGE_ID_INVALID'
    throw new RpcError(noOption ? 'POLL_OPTION_INVALID' : missing)
  }
  const quote = await checkQuote(ctx, to, input)
  const header: tl.messageReplyHeader = { _: 'messageReplyHeader', replyToMsgId: to.id, ...quote, ...part }
  if (topic) Object.assign(header, topicFields(topic.id))
  else if (peer.kind === 'channel' && source.peer === peer.peer && to.thread !== null && to.thread !== GENERAL)
    header.replyToTopId = to.thread
  const thread = topic?.id
  if (source.peer === peer.peer) return { header, to, thread }
  if (to.noforwards || to.action || goesWhenSeen(to) || !(await mayForwardFrom(ctx, source))) {
    throw new RpcError('CHAT_FORWARDS_RESTRICTED')
  }
  return { header: { ...header, ...(await shown(ctx, to, quote)) }, to, alone: source.kind !== 'chat', thread }
}

/** A message that the viewer can see in that chat. */
async function named(ctx: Ctx, source: PeerRef, id: number): Promise<MessageRow | undefined> {
  const row = await messageRow(ctx, boxOf(ctx, source), id)
  if (row?.peer !== source.peer || (source.kind === 'channel' && !seesIn(source, row))) return undefined
  return row
}

/**
 * The topic of a forum that a client means: that of the message it answers, or else the one it names. TOPIC_DELETED,
 * TOPIC_CLOSED. https://core.telegram.org/api/forum#forum-topics
 */
async function topicNamed(
  ctx: Ctx,
  forum: ChannelRef,
  source: PeerRef,
  to: MessageRow | undefined,
  input: tl.inputReplyToMessage,
) {
  // A message of one topic may be answered in another, where a client names the chat as well.
  const own = source.peer === forum.peer && !(input.replyToPeerId && input.topMsgId)
  // What is answered may be gone meanwhile: then it is said in the topic all the same.
  const alone = own ? input.replyToMsgId : GENERAL
  const id = own && to ? await topicAt(ctx, forum, to) : (input.topMsgId ?? alone)
  const topic = await mustHaveTopic(ctx, forum, id, 'TOPIC_DELETED')
  maySayInTopic(ctx, forum, topic)
  return topic
}

const topicFields = (id: number): Partial<tl.messageReplyHeader> =>
  id === GENERAL ? {} : { forumTopic: true, replyToTopId: id }

/** What is said in a topic without answering anything there is said in answer to the topic. */
export function inTopicAlone(id: number): Answered | undefined {
  if (id === GENERAL) return undefined
  return { header: { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: id }, thread: id }
}

/** Of a message in another chat the header tells as much as the others need, who may not have it. */
async function shown(
  ctx: Ctx,
  to: MessageRow,
  quote: Partial<tl.messageReplyHeader>,
): Promise<Partial<tl.messageReplyHeader>> {
  const whole = wordsOf(to).slice(0, QUOTE_LENGTH)
  const entities = readEntities(to.entities)?.filter((e) => QUOTED.has(e._) && e.offset + e.length <= whole.length)
  return {
    replyToPeerId: toPeer(to.peer),
    replyFrom: await forwardHeader(ctx, to),
    replyMedia: await mediaOf(ctx, to),
    ...(quote.quoteText === undefined && whole !== ''
      ? { quoteText: whole, quoteEntities: entities?.length ? entities : undefined }
      : undefined),
  }
}

/** What is to be seen once, or for some seconds, is not for others, who would see it with the answer. */
function goesWhenSeen({ media }: MessageRow): boolean {
  const carried = media ? (readObject(media) as Carried) : undefined
  return carried !== undefined && 'ttlSeconds' in carried && carried.ttlSeconds !== undefined
}

/** A poll shows with the answers that it has now: one of those that were added since may be meant. */
async function mediaOf(ctx: Ctx, { media }: MessageRow): Promise<tl.MessageMedia | undefined> {
  const carried = media ? (readObject(media) as Carried) : undefined
  if (!carried || carried._ === 'richMessage') return undefined
  const poll = carried._ === 'messageMediaPoll' ? await pollRow(ctx, Number(carried.poll.id)) : undefined
  return shownMedia(shownElsewhere(poll ? keptPoll(poll) : carried))
}

/**
 * The task of a to-do list, or the option of a poll, that an answer is about; undefined where a client names one that is
 * not there. https://core.telegram.org/constructor/inputReplyToMessage
 */
export async function partMeant(
  ctx: Ctx,
  to: MessageRow,
  { todoItemId, pollOption }: tl.inputReplyToMessage,
): Promise<Pick<tl.messageReplyHeader, 'todoItemId' | 'pollOption'> | undefined> {
  if (!todoItemId && !pollOption?.length) return {}
  const media = await mediaOf(ctx, to)
  if (todoItemId) {
    const there = media?._ === 'messageMediaToDo' && media.todo.list.some((item) => item.id === todoItemId)
    return there && !pollOption?.length ? { todoItemId } : undefined
  }
  if (media?._ !== 'messageMediaPoll') return undefined
  const key = optionKey(pollOption!)
  const there = media.poll.answers.some((answer) => answer._ === 'pollAnswer' && optionKey(answer.option) === key)
  return there ? { pollOption } : undefined
}

/** A quote must stand in the text as it is; of several places the one nearest to the client's offset is meant. */
async function checkQuote(
  ctx: Ctx,
  to: MessageRow,
  input: tl.inputReplyToMessage,
): Promise<Pick<tl.messageReplyHeader, 'quote' | 'quoteText' | 'quoteEntities' | 'quoteOffset'>> {
  if (!input.quoteText) return {}
  if (input.quoteText.length > QUOTE_LENGTH) throw new RpcError('QUOTE_TEXT_INVALID')
  const { text, entities } = styleText(input.quoteText, await nameUsers(ctx, input.quoteEntities))
  const wanted = input.quoteOffset ?? 0
  const said = wordsOf(to)
  let offset = text === '' ? -1 : said.indexOf(text)
  if (offset < 0) throw new RpcError('QUOTE_TEXT_INVALID')
  for (let at = offset; at >= 0; at = said.indexOf(text, at + 1)) {
    if (Math.abs(at - wanted) < Math.abs(offset - wanted)) offset = at
    if (at > wanted) break
  }
  const quoteEntities = entities?.filter((e) => QUOTED.has(e._))
  return {
    quote: true,
    quoteText: text,
    quoteEntities: quoteEntities?.length ? quoteEntities : undefined,
    quoteOffset: offset > 0 ? offset : undefined,
  }
}
