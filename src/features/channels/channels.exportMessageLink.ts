import { access } from '../../domain/access.ts'
import { postOf } from '../../domain/comments.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { bareId } from '../../domain/peers.ts'
import { GENERAL } from '../../domain/topics.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.exportMessageLink',
  async (ctx, req) => {
    const channel = await access.channel(ctx, req.channel)
    const { row } = await access.message(ctx, channel, req.id)
    const [name] = await activeUsernames(ctx, channel.peer)
    const place = name ? name.username : `c/${channel.id}`
    const single = row.grouped_id !== null && !req.grouped
    const comment = req.thread && (await commentLink(ctx, row))
    if (comment) return comment
    const thread = req.thread && row.thread && row.thread !== GENERAL ? `${row.thread}/` : ''
    const link = `https://t.me/${place}/${thread}${row.id}${single ? '?single' : ''}`
    // What a web page would embed it by; nothing of ours serves that.
    const html = name ? `<a href="${link}">${link}</a>` : ''
    return { _: 'exportedMessageLink', link, html }
  },
  { flood: 'read' },
)

/** A comment's link leads to the post that it is about. https://core.telegram.org/api/links#message-links */
async function commentLink(ctx: Ctx, row: MessageRow): Promise<tl.exportedMessageLink | undefined> {
  const post = row.thread === null ? undefined : await postOf(ctx, row.owner, row.thread)
  if (!post) return undefined
  const [name] = await activeUsernames(ctx, post.owner)
  const place = name ? name.username : `c/${bareId(post.owner)}`
  const link = `https://t.me/${place}/${post.post}?comment=${row.id}`
  return { _: 'exportedMessageLink', link, html: name ? `<a href="${link}">${link}</a>` : '' }
}
