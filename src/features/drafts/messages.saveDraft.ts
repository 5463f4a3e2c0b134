import { access, boxOf, type PeerRef } from '../../domain/access.ts'
import { botForum, botTopic } from '../../domain/bot-forums.ts'
import { topicMeant } from '../../domain/direct-messages.ts'
import { clearDraft, filesNamed, setDraft } from '../../domain/drafts.ts'
import { nameUsers } from '../../domain/entities.ts'
import { makeMedia } from '../../domain/media.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { partMeant } from '../../domain/reply.ts'
import { makeRich } from '../../domain/rich/make.ts'
import { checkSuggestion } from '../../domain/suggested-posts.ts'
import { GENERAL, topicRow } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.saveDraft',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const draft = await checkDraft(ctx, peer, req)
    const topic = await topicFor(ctx, peer, req.replyTo)
    const empty = draft.message === '' && !draft.richMessage && !answersMore(draft, topic) && !draft.media
    await ctx.transact(async (tx) => {
      if (empty) await clearDraft(tx, peer, topic)
      else await setDraft(tx, peer, draft, topic)
    })
    return true
  },
  { flood: 'write' },
)

/** The topic of a forum, or of direct messages, that something is being written in; undefined for the general one. */
async function topicFor(ctx: Ctx, peer: PeerRef, input: tl.InputReplyTo | undefined): Promise<number | undefined> {
  const bots = input?._ === 'inputReplyToMessage' ? await botForum(ctx, peer) : undefined
  if (bots && input?._ === 'inputReplyToMessage') {
    const named = input.topMsgId ?? input.replyToMsgId
    return (await botTopic(ctx, bots, named))?.id
  }
  if (!input || peer.kind !== 'channel') return undefined
  // Those who write to a channel have one draft, those who answer one for each of them.
  if (peer.row.monoforum === 1) return peer.topic === undefined ? topicMeant(ctx, peer, input, undefined) : undefined
  if (input._ !== 'inputReplyToMessage' || peer.row.forum === 0) return undefined
  const id = input.topMsgId ?? input.replyToMsgId
  return id !== GENERAL && (await topicRow(ctx, peer.id, id)) ? id : undefined
}

/** Whether it answers more than the topic that it is written in, which alone makes no draft. */
function answersMore({ replyTo }: tl.draftMessage, topic: number | undefined): boolean {
  if (replyTo?._ === 'inputReplyToMonoForum') return false
  return replyTo !== undefined && !(replyTo._ === 'inputReplyToMessage' && replyTo.replyToMsgId === topic)
}

/** A draft may become several messages: clients cut it when they send it. */
const MESSAGES = 4

async function checkDraft(ctx: Ctx, peer: PeerRef, req: Params<'messages.saveDraft'>): Promise<tl.draftMessage> {
  const { limits } = ctx.app.config
  const direct = peer.kind === 'channel' && peer.row.monoforum === 1
  if (req.suggestedPost && !direct) throw new RpcError('PEER_ID_INVALID')
  if (req.message.length > limits.messageLength * MESSAGES) throw new RpcError('MESSAGE_TOO_LONG')
  const entities = req.entities && (await checkEntities(ctx, req.message, req.entities, limits.entities * MESSAGES))
  return {
    _: 'draftMessage',
    noWebpage: req.noWebpage,
    invertMedia: req.invertMedia,
    replyTo: await checkReply(ctx, peer, req.replyTo),
    message: req.message,
    entities: entities && entities.length > 0 ? entities : undefined,
    media: await checkMedia(ctx, req.media),
    date: ctx.now,
    effect: req.effect || undefined,
    richMessage: req.richMessage && (await makeRich(ctx, req.richMessage)).rich,
    suggestedPost: req.suggestedPost && checkSuggestion(ctx, peer, req.suggestedPost),
  }
}

/** Media that say all of themselves, and those that a client can name again. */
const KEPT = new Set<string>([
  'inputMediaWebPage',
  'inputMediaPhoto',
  'inputMediaDocument',
  'inputMediaGeoPoint',
  'inputMediaVenue',
  'inputMediaContact',
  'inputMediaDice',
  'inputMediaPoll',
  'inputMediaTodo',
])

/** What is to be sent with it, as the client gave it; what could not be sent is not kept. */
async function checkMedia(ctx: Ctx, media: tl.InputMedia | undefined): Promise<tl.InputMedia | undefined> {
  if (!media || media._ === 'inputMediaEmpty') return undefined
  // @TODO stories, games and what is paid for end with their folders; files that were never sent wait for them, since
  // an upload is forgotten before a draft is.
  if (!KEPT.has(media._)) throw new RpcError('NOT_IMPLEMENTED')
  if (media._ === 'inputMediaWebPage') return media
  const made = await makeMedia(ctx, media).catch((error) => {
    if (!(error instanceof RpcError)) throw error
  })
  if (!made) return undefined
  for (const file of filesNamed(media)) Object.assign(file, { accessHash: 0n, fileReference: new Uint8Array(0) })
  return media
}

/** The text is still being written, so that it is kept as it is, and nothing is looked for in it. */
async function checkEntities(ctx: Ctx, text: string, given: readonly tl.MessageEntity[], most: number) {
  for (const { offset, length } of given) {
    if (offset < 0 || length < 0 || offset + length > text.length) throw new RpcError('ENTITY_BOUNDS_INVALID')
  }
  return (await nameUsers(ctx, given))?.slice(0, most)
}

/** `quote_length_max` of the client configuration. */
const QUOTE = 1024

/** A message that is gone meanwhile is not answered any more. */
async function checkReply(
  ctx: Ctx,
  peer: PeerRef,
  input: tl.InputReplyTo | undefined,
): Promise<tl.inputReplyToMessage | tl.inputReplyToMonoForum | undefined> {
  if (!input) return undefined
  if (input._ === 'inputReplyToMonoForum') return input
  // What one alone sees is gone before long: no draft waits for it.
  if (input._ === 'inputReplyToEphemeralMessage') return undefined
  // @TODO replies to stories: end with their folder.
  if (input._ !== 'inputReplyToMessage') throw new RpcError('NOT_IMPLEMENTED')
  const source = input.replyToPeerId ? await access.peer(ctx, input.replyToPeerId) : peer
  const row = await messageRow(ctx, boxOf(ctx, source), input.replyToMsgId)
  if (!row || row.peer !== source.peer) return undefined
  if ((input.quoteText?.length ?? 0) > QUOTE || (input.quoteEntities?.length ?? 0) > ctx.app.config.limits.entities) {
    throw new RpcError('MESSAGE_TOO_LONG')
  }
  // Of a list or a poll, too, what is gone is not answered.
  return (await partMeant(ctx, row, input)) ? input : { ...input, todoItemId: undefined, pollOption: undefined }
}
