import { access } from '../../domain/access.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { isIn, mayInChannel } from '../../domain/channel-rights.ts'
import { sendMessage } from '../../domain/send.ts'
import { authorIn } from '../../domain/send-as.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { viewBareTopic } from '../../domain/topic-view.ts'
import { forumOf, insertTopic, topicRow } from '../../domain/topics.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { createBotTopic } from './bot-topics.ts'
import { checkColor, checkIcon, checkTitle } from './topic-settings.ts'

export default method(
  'messages.createForumTopic',
  async (ctx, req) => {
    if (req.randomId === 0n) throw new RpcError('RANDOM_ID_EMPTY')
    const title = checkTitle(req.title)
    const iconColor = checkColor(req.iconColor)
    const icon = await checkIcon(ctx, req.iconEmojiId)
    return ctx.transact(async (tx) => {
      const forum = await forumOf(tx, req.peer)
      const looks = { title, iconColor, icon, titleMissing: req.titleMissing === true }
      if (forum.kind === 'bot') return createBotTopic(tx, forum, looks, req.randomId)
      if (!isIn(forum.member)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
      if (!mayInChannel(tx, forum, 'manageTopics')) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const sendAs = await authorIn(tx, forum, req.sendAs)
      const action = {
        _: 'messageActionTopicCreate' as const,
        titleMissing: req.titleMissing,
        title,
        iconColor,
        iconEmojiId: icon === null ? undefined : BigInt(icon),
      }
      const sent = await sendMessage(tx, access.me(tx), forum, { action, randomId: req.randomId, sendAs })
      if (!sent.again) {
        const { id, from_id, date } = sent.row
        await insertTopic(tx, forum.id, {
          ...{ id, creator: tx.userId, from_id, date, title, icon_color: iconColor, icon_emoji: icon },
          title_missing: req.titleMissing ? 1 : 0,
        })
        const topic = viewBareTopic(forum, (await topicRow(tx, forum.id, id))!)
        await logEvent(tx, forum.id, 'forums', { _: 'channelAdminLogEventActionCreateTopic', topic }, title)
      }
      return sentUpdates(tx, [sent])
    })
  },
  { flood: 'write' },
)
