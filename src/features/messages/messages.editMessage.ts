import { access, type PeerRef } from '../../domain/access.ts'
import { addressed } from '../../domain/channel-events.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { isPresent } from '../../domain/chat-rights.ts'
import { complete } from '../../domain/complete.ts'
import { makeMedia } from '../../domain/media.ts'
import { editUpdate } from '../../domain/message-facts.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { isPost, readEntities } from '../../domain/message-view.ts'
import { composeText } from '../../domain/outgoing.ts'
import { CLOSE_POLL, closePoll } from '../../domain/poll-places.ts'
import { loadPolls, pollIdOf, pollRow, pollUpdate } from '../../domain/polls.ts'
import { richContent } from '../../domain/rich/content.ts'
import { maySend, sendAction } from '../../domain/rights.ts'
import { asUpdates } from '../../domain/sent.ts'
import { chosenPreview, previewOf } from '../../domain/web/previews.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { cancelJob } from '../../rpc/jobs.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type Edit, editMessage, mayEdit } from './edit.ts'
import { mayCaption, mayReplace, mediaOf } from './edit-media.ts'
import { editScheduled } from './edit-scheduled.ts'

export default method(
  'messages.editMessage',
  async (ctx, req) => {
    // @TODO quick replies: end with their folder.
    if (req.quickReplyShortcutId) throw new RpcError('NOT_IMPLEMENTED')
    const peer = await access.peer(ctx, req.peer)
    if (req.scheduleDate) return editScheduled(ctx, peer, req)
    const { row } = await access.message(ctx, peer, req.id)
    const before = mediaOf(row.media)
    const moving = before?._ === 'messageMediaGeoLive' && req.media?._ === 'inputMediaGeoLive'
    const closing = before?._ === 'messageMediaPoll' && req.media?._ === 'inputMediaPoll' && req.media.poll.closed
    mayEdit(ctx, peer, row, moving || closing === true)
    if (peer.kind === 'chat' && !isPresent(peer)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
    if (closing) return closeNamedPoll(ctx, peer, row)
    if (moving && isOver(before, row.date, ctx.now)) throw new RpcError('MESSAGE_EDIT_TIME_EXPIRED')
    if (req.richMessage) return editAsRich(ctx, peer, row, before, req)
    if (req.message === undefined && req.media === undefined) throw new RpcError('MESSAGE_NOT_MODIFIED')
    let media: tl.MessageMedia | undefined = before
    const page = req.media?._ === 'inputMediaWebPage' ? req.media : undefined
    if (page && before) throw new RpcError('MEDIA_PREV_INVALID')
    if (req.media && !page && req.media._ !== 'inputMediaEmpty') {
      media = await makeMedia(ctx, req.media, before && { previous: { media: before, date: row.date } })
      mayReplace(row, before, media)
      if (!moving) await maySend(ctx, peer, [sendAction(media)])
    } else mayCaption(before)
    const kept = { text: row.text, entities: readEntities(row.entities) }
    const said =
      req.message === undefined || moving
        ? kept
        : await composeText(ctx, req.message, req.entities, media !== undefined)
    if (said.text === '' && !media) throw new RpcError('MESSAGE_EMPTY')
    if (page) media = await chosenPreview(ctx, peer, page, said.text)
    else if (!media && !req.noWebpage) media = await previewOf(ctx, peer, said.text, said.entities)
    const invertMedia = req.invertMedia === true
    return edited(ctx, peer, row, { ...said, media, invertMedia, shown: !moving })
  },
  { flood: 'send' },
)

/** A rich message in place of what was said, whether or not that was one. */
async function editAsRich(
  ctx: Ctx,
  peer: PeerRef,
  row: MessageRow,
  before: tl.MessageMedia | undefined,
  req: Params<'messages.editMessage'>,
): Promise<tl.updates> {
  if (before) throw new RpcError('MEDIA_PREV_INVALID')
  if (req.media && req.media._ !== 'inputMediaEmpty') throw new RpcError('MEDIA_NEW_INVALID')
  const content = await richContent(ctx, peer, req.richMessage!)
  return edited(ctx, peer, row, { ...content, invertMedia: false, shown: true })
}

async function edited(ctx: Ctx, peer: PeerRef, { id }: MessageRow, edit: Edit): Promise<tl.updates> {
  const { row, published } = await ctx.transact((tx) => editMessage(tx, peer, id, edit))
  const [message] = await viewMessages(ctx, [row])
  const updates: tl.Update[] = [editUpdate(row.owner, message!, published)]
  return complete<tl.updates>(ctx, { _: 'updates', updates, users: [], chats: [], date: ctx.now, seq: 0 })
}

/**
 * A poll cannot be edited, only closed: by its author, and in a channel by whoever edits what was posted there. They get
 * how it ended. https://core.telegram.org/api/poll
 */
async function closeNamedPoll(ctx: Ctx, peer: PeerRef, row: MessageRow): Promise<tl.updates> {
  const id = pollIdOf(row)!
  const creator = (await pollRow(ctx, id))?.creator
  if (creator !== ctx.userId && !(isPost(row) && creator === row.sender)) {
    throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  }
  return ctx.transact(async (tx) => {
    if (!(await closePoll(tx, id, row))) throw new RpcError('MESSAGE_NOT_MODIFIED')
    await cancelJob(tx, `${CLOSE_POLL}:${id}`)
    if (peer.kind === 'channel') {
      const action = { _: 'channelAdminLogEventActionStopPoll' as const, message: addressed(tx, row) }
      await logEvent(tx, peer.id, 'edit', action, row.text)
    }
    const poll = (await loadPolls(tx, [row])).get(row)!
    return asUpdates(tx, [pollUpdate(row, poll)])
  })
}

/** "Until stopped". */
const ENDLESS = 0x7fffffff

function isOver(media: tl.messageMediaGeoLive, date: number, now: number): boolean {
  return media.period !== ENDLESS && date + media.period <= now
}
