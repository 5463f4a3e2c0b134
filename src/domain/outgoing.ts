import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { type Actor, access, type PeerRef } from './access.ts'
import { mustPay, saidIn, topicMeant } from './direct-messages.ts'
import { clearDraft } from './drafts.ts'
import { isEffect } from './effects.ts'
import { nameUsers, type StyledText, styleText } from './entities.ts'
import { beginWithDefaultTtl } from './history-ttl.ts'
import type { MessageRow } from './message-rows.ts'
import { readEntities } from './message-view.ts'
import { limitFor } from './premium-limits.ts'
import { resolveReply } from './reply.ts'
import { mayHurry } from './rights.ts'
import { scheduleMessages } from './scheduled.ts'
import { askBlocked, askToSend, type NewMessage, type Sent, sendMessage } from './send.ts'
import { authorIn } from './send-as.ts'
import { sentUpdates } from './sent.ts'
import { noteUsed } from './stickers/used.ts'
import { checkSuggestion } from './suggested-posts.ts'
import { GENERAL } from './topics.ts'
import { askUser } from './user-rows.ts'
import { usernameRow } from './usernames.ts'

/** What the methods that send have in common. */
export interface SendRequest {
  peer: tl.InputPeer
  replyTo?: tl.InputReplyTo
  silent?: boolean
  clearDraft?: boolean
  noforwards?: boolean
  invertMedia?: boolean
  effect?: bigint
  scheduleDate?: number
  scheduleRepeatPeriod?: number
  sendAs?: tl.InputPeer
  quickReplyShortcut?: tl.InputQuickReplyShortcut
  suggestedPost?: tl.SuggestedPost
  allowPaidStars?: bigint
  updateStickersetsOrder?: boolean
  replyMarkup?: tl.ReplyMarkup
  randomId?: bigint | bigint[]
}

/** Where something is to be sent, and how. */
export interface Outgoing {
  readonly from: Actor
  readonly peer: PeerRef
  /** What every message of it has. */
  readonly common: NewMessage
  readonly clearDraft: boolean
  /** The set whose stickers or custom emoji it uses moves to the top. */
  readonly reorders: boolean
  /** When it is to be sent (unix seconds), and how often, in seconds; undefined for now. */
  readonly schedule: { date: number; repeat: number | undefined } | undefined
}

/**
 * Checks what the methods that send have in common, and finds what they name.
 * @param missing the error for a replied message that is not there
 * @param count how many messages they are
 * https://core.telegram.org/method/messages.sendMessage
 */
export async function outgoing(ctx: Ctx, req: SendRequest, missing?: ErrorName, count = 1): Promise<Outgoing> {
  if (req.peer._ === 'inputPeerUser') {
    askUser(ctx, req.peer.userId)
    askBlocked(ctx, ctx.userId, req.peer.userId)
  }
  askOf(ctx, req)
  const peer = await access.peer(ctx, req.peer)
  const from = access.me(ctx)
  // @TODO quick replies end with the business folder, keyboards with the bots' one; a user's are ignored.
  if (req.quickReplyShortcut || (req.replyMarkup && ctx.session?.auth.bot)) throw new RpcError('NOT_IMPLEMENTED')
  if (req.effect && !isEffect(req.effect)) throw new RpcError('EFFECT_ID_INVALID')
  if (req.effect && (peer.kind !== 'user' || peer.self)) throw new RpcError('EFFECT_CHAT_INVALID')
  if (peer.kind === 'channel' && peer.row.paid_stars > 0) await mustPay(ctx, peer, req.allowPaidStars, count)
  const reply = await resolveReply(ctx, peer, req.replyTo, missing)
  const common: NewMessage = {
    reply,
    ...(peer.kind === 'channel' || req.sendAs || req.replyTo
      ? await directFields(ctx, peer, req, reply?.to)
      : undefined),
    silent: req.silent,
    noforwards: req.noforwards,
    invertMedia: req.invertMedia,
    effect: req.effect || undefined,
    suggests: req.suggestedPost && checkSuggestion(ctx, peer, req.suggestedPost),
  }
  const schedule = req.scheduleDate ? { date: req.scheduleDate, repeat: req.scheduleRepeatPeriod } : undefined
  const reorders = req.updateStickersetsOrder === true
  return { from, peer, common, clearDraft: req.clearDraft === true, reorders, schedule }
}

/** Asks with the first questions what the transaction is going to ask. */
function askOf(ctx: Ctx, { peer, randomId, scheduleDate }: SendRequest): void {
  if (scheduleDate || Array.isArray(randomId) || ctx.waits) return
  const from = { id: ctx.userId }
  if (peer._ === 'inputPeerUser') askToSend(ctx, from, { kind: 'user', id: peer.userId, peer: peer.userId }, randomId)
  if (peer._ === 'inputPeerChat') askToSend(ctx, from, { kind: 'chat', id: peer.chatId, peer: -peer.chatId }, randomId)
}

/** Whose direct messages it belongs to, and in whose name it is said: administrators answer for their channel. */
async function directFields(
  ctx: Ctx,
  peer: PeerRef,
  req: SendRequest,
  answered: MessageRow | undefined,
): Promise<Pick<NewMessage, 'topic' | 'sendAs'>> {
  if (peer.kind !== 'channel' || peer.row.monoforum === 0) {
    if (namesTopic(req.replyTo)) throw new RpcError('REPLY_TO_MONOFORUM_PEER_INVALID')
    return { sendAs: await authorIn(ctx, peer, req.sendAs) }
  }
  return saidIn(peer, await topicMeant(ctx, peer, req.replyTo, answered))
}

const namesTopic = (input: tl.InputReplyTo | undefined) =>
  input?._ === 'inputReplyToMonoForum' || (input?._ === 'inputReplyToMessage' && input.monoforumPeerId !== undefined)

/** A message's text (or caption), with its users named and its entities checked. */
export async function composeText(
  ctx: Ctx,
  text: string,
  entities: readonly tl.MessageEntity[] | undefined,
  caption = false,
): Promise<StyledText> {
  const { limits } = ctx.app.config
  return styleText(text, await nameUsers(ctx, entities), {
    length: caption ? await limitFor(ctx, 'captionLength', text.length) : limits.messageLength,
    entities: limits.entities,
    tooLong: caption ? 'MEDIA_CAPTION_TOO_LONG' : 'MESSAGE_TOO_LONG',
  })
}

/** Accounts that a text names, by name or by link: those of them who are in a group find it among their mentions. */
export async function mentionedBy(
  ctx: Ctx,
  peer: PeerRef,
  text: string,
  entities: readonly tl.MessageEntity[] | undefined,
): Promise<number[] | undefined> {
  if (peer.kind === 'user' || !entities) return undefined
  const users = new Set<number>()
  for (const entity of entities) {
    if (entity._ === 'messageEntityMentionName') users.add(entity.userId)
    if (entity._ !== 'messageEntityMention') continue
    const named = await usernameRow(ctx, text.slice(entity.offset + 1, entity.offset + entity.length))
    if (named && named.active === 1 && named.owner > 0) users.add(named.owner)
  }
  return [...users]
}

/** Sends messages that belong together and answers their sender. */
export async function sendOut(ctx: Ctx, out: Outgoing, contents: readonly NewMessage[]): Promise<tl.Updates> {
  // What is sent later does not have to wait as well.
  if (!out.schedule) mayHurry(ctx, out.peer)
  const whole = contents.map((content) => ({ ...out.common, ...content }))
  const { sent, others, queued } = await ctx.transact(async (tx) => {
    const others = out.clearDraft ? await clearDraft(tx, out.peer, draftPlace(out)) : []
    if (whole[0] && !out.schedule) askToSend(tx, out.from, out.peer, whole[0].randomId)
    const sent: Sent[] = []
    const { date, repeat } = out.schedule ?? {}
    const queued = date ? await scheduleMessages(tx, out.from, out.peer, whole, date, repeat) : undefined
    if (queued) return { sent, others, queued }
    await beginWithDefaultTtl(tx.aloud, out.from, out.peer)
    for (const [i, content] of whole.entries()) {
      const album = content.groupedId !== undefined && content.groupedId === whole[i - 1]?.groupedId
      sent.push(await sendMessage(tx, out.from, out.peer, album ? { ...content, continues: true } : content))
    }
    if (!sent.some((one) => one.again)) others.push(...(await noteUsed(tx, whole, out.reorders)))
    return { sent, others, queued }
  })
  if (queued) return { ...queued, updates: [...queued.updates, ...others] }
  return shortAnswer(out.peer, sent) ?? sentUpdates(ctx, sent, others)
}

/** The topic whose draft becomes a message; undefined where that is the dialog's own. */
function draftPlace({ peer, common }: Outgoing): number | undefined {
  if (peer.kind === 'channel' && peer.row.monoforum === 1) return peer.topic === undefined ? common.topic : undefined
  return common.reply?.thread === GENERAL ? undefined : common.reply?.thread
}

/** Plain text in a private chat: its sender knows everything but this. */
function shortAnswer(peer: PeerRef, sent: readonly Sent[]): tl.Updates | undefined {
  const [one] = sent
  if (!one || sent.length > 1 || peer.kind !== 'user' || peer.self) return undefined
  const { row, published } = one
  if (row.media || row.fwd || row.action) return undefined
  return {
    _: 'updateShortSentMessage',
    out: true,
    id: row.id,
    pts: published.pts,
    ptsCount: published.ptsCount,
    date: row.date,
    entities: readEntities(row.entities),
    ttlPeriod: row.ttl ?? undefined,
  }
}
