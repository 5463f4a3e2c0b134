import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { access, boxOf, firstVisible, type PeerRef } from './access.ts'
import { nameUsers, styleText } from './entities.ts'
import { forwardHeader } from './forward-header.ts'
import { type MessageRow, messageRow } from './message-rows.ts'
import { readEntities, shownMedia } from './message-view.ts'
import { toPeer } from './peers.ts'
import { mayForwardFrom } from './rights.ts'
import type { NewMessage } from './send.ts'

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
  if (input._ === 'inputReplyToMonoForum') throw new RpcError('REPLY_TO_MONOFORUM_PEER_INVALID')
  // @TODO replies to stories and to ephemeral messages: end with those folders.
  if (input._ !== 'inputReplyToMessage') throw new RpcError('NOT_IMPLEMENTED')
  if (input.replyToMsgId === 0) return undefined
  const source = input.replyToPeerId ? await access.peer(ctx, input.replyToPeerId) : peer
  const to = await messageRow(ctx, boxOf(ctx, source), input.replyToMsgId)
  if (!to || to.peer !== source.peer) throw new RpcError(missing)
  if (source.kind === 'channel' && to.id < firstVisible(source)) throw new RpcError(missing)
  const quote = await checkQuote(ctx, to, input)
  const header: tl.messageReplyHeader = { _: 'messageReplyHeader', replyToMsgId: to.id, ...quote }
  if (source.peer === peer.peer) return { header, to }
  if (to.noforwards || to.action || !(await mayForwardFrom(ctx, source))) {
    throw new RpcError('CHAT_FORWARDS_RESTRICTED')
  }
  return { header: { ...header, ...(await shown(ctx, to, quote)) }, to, alone: source.kind !== 'chat' }
}

/** Of a message in another chat the header tells as much as the others need, who may not have it. */
async function shown(
  ctx: Ctx,
  to: MessageRow,
  quote: Partial<tl.messageReplyHeader>,
): Promise<Partial<tl.messageReplyHeader>> {
  const whole = to.text.slice(0, QUOTE_LENGTH)
  const entities = readEntities(to.entities)?.filter((e) => QUOTED.has(e._) && e.offset + e.length <= whole.length)
  return {
    replyToPeerId: toPeer(to.peer),
    replyFrom: await forwardHeader(ctx, to),
    replyMedia: to.media ? shownMedia(readObject(to.media) as tl.MessageMedia) : undefined,
    ...(quote.quoteText === undefined && whole !== ''
      ? { quoteText: whole, quoteEntities: entities?.length ? entities : undefined }
      : undefined),
  }
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
  let offset = text === '' ? -1 : to.text.indexOf(text)
  if (offset < 0) throw new RpcError('QUOTE_TEXT_INVALID')
  for (let at = offset; at >= 0; at = to.text.indexOf(text, at + 1)) {
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
