import { access } from '../../domain/access.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.exportMessageLink',
  async (ctx, req) => {
    const channel = await access.channel(ctx, req.channel)
    const { row } = await access.message(ctx, channel, req.id)
    const [name] = await activeUsernames(ctx, channel.peer)
    const place = name ? name.username : `c/${channel.id}`
    const single = row.grouped_id !== null && !req.grouped
    const thread = req.thread && row.thread ? `${row.thread}/` : ''
    const link = `https://t.me/${place}/${thread}${row.id}${single ? '?single' : ''}`
    // What a web page would embed it by; nothing of ours serves that.
    const html = name ? `<a href="${link}">${link}</a>` : ''
    return { _: 'exportedMessageLink', link, html }
  },
  { flood: 'read' },
)
