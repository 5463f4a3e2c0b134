import { access, type ChannelRef } from '../../domain/access.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { hasRight } from '../../domain/channel-rights.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { viewBareTopic } from '../../domain/topic-view.ts'
import { forumOf, GENERAL, lockTopic, mayEditTopic, setTopic, type TopicRow } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { editBotTopic } from './bot-topics.ts'
import { checkIcon, checkTitle } from './topic-settings.ts'

type Edit = Params<'messages.editForumTopic'>

export default method(
  'messages.editForumTopic',
  async (ctx, req) => {
    const title = req.title === undefined ? undefined : checkTitle(req.title)
    const icon = req.iconEmojiId === undefined ? undefined : await checkIcon(ctx, req.iconEmojiId)
    return ctx.transact(async (tx) => {
      const forum = await forumOf(tx, req.peer)
      if (forum.kind === 'bot') return editBotTopic(tx, forum, req, title, icon)
      await lockBoxes(tx, [forum.peer])
      const before = await lockTopic(tx, forum, req.topicId)
      mayEdit(tx, forum, before, req)
      const set: Partial<TopicRow> = {}
      if (title !== undefined && title !== before.title) Object.assign(set, { title, title_missing: 0 })
      if (icon !== undefined && icon !== before.icon_emoji) set.icon_emoji = icon
      if (req.closed !== undefined && bit(req.closed) !== before.closed) set.closed = bit(req.closed)
      if (req.hidden !== undefined && bit(req.hidden) !== before.hidden) {
        // A hidden topic is closed, too, and does not stay on top.
        Object.assign(set, { hidden: bit(req.hidden), closed: bit(req.hidden) }, req.hidden ? { pinned: 0 } : {})
      }
      if (Object.keys(set).length === 0) throw new RpcError('TOPIC_NOT_MODIFIED')
      const after = await setTopic(tx, forum, req.topicId, set)
      const [prevTopic, newTopic] = [viewBareTopic(forum, before), viewBareTopic(forum, after)]
      const event = { _: 'channelAdminLogEventActionEditTopic' as const, prevTopic, newTopic }
      await logEvent(tx, forum.id, 'forums', event, `${before.title} ${after.title}`)
      const action: tl.messageActionTopicEdit = {
        _: 'messageActionTopicEdit',
        title: set.title,
        iconEmojiId: set.icon_emoji === undefined ? undefined : BigInt(set.icon_emoji ?? 0),
        closed: req.hidden === undefined && set.closed !== undefined ? set.closed === 1 : undefined,
        hidden: set.hidden === undefined ? undefined : set.hidden === 1,
      }
      const sent = await sendMessage(tx, access.me(tx), forum, { action, reply: placed(req.topicId) })
      return sentUpdates(tx, [sent])
    })
  },
  { flood: 'write' },
)

const bit = (value: boolean) => (value ? 1 : 0)

/** The change is told of in the topic itself. */
function placed(topic: number) {
  if (topic === GENERAL) return undefined
  const header: tl.messageReplyHeader = { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topic }
  return { header, thread: topic }
}

function mayEdit(ctx: Ctx, forum: ChannelRef, topic: TopicRow, req: Edit): void {
  const named = req.title !== undefined || req.iconEmojiId !== undefined
  if (req.hidden !== undefined && (named || req.closed !== undefined)) throw new RpcError('TOPIC_HIDE_SEPARATELY')
  if (req.closed !== undefined && named) throw new RpcError('TOPIC_CLOSE_SEPARATELY')
  if (req.hidden !== undefined && topic.id !== GENERAL) throw new RpcError('TOPIC_ID_INVALID')
  if (req.iconEmojiId !== undefined && topic.id === GENERAL) throw new RpcError('GENERAL_MODIFY_ICON_FORBIDDEN')
  if (topic.id === GENERAL ? !hasRight(forum, 'manageTopics') : !mayEditTopic(ctx, forum, topic)) {
    throw new RpcError('CHAT_ADMIN_REQUIRED')
  }
}
