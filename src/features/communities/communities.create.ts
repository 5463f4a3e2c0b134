import { access } from '../../domain/access.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { setCommunityMember } from '../../domain/communities.ts'
import { linkChat } from '../../domain/community-links.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { nextId } from '../../storage/index.ts'

/** A community begins with one channel or supergroup of its creator's. */
export default method(
  'communities.create',
  (ctx, req) => {
    const { chatTitleLength, chatAboutLength } = ctx.app.config.limits
    const title = req.title.trim().slice(0, chatTitleLength)
    const about = req.about?.trim() ?? ''
    if (title === '') throw new RpcError('CHAT_TITLE_EMPTY')
    if (about.length > chatAboutLength) throw new RpcError('CHAT_ABOUT_TOO_LONG')
    return ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      // @TODO bots of one's own: end with the bots' folder, which knows whose they are.
      if (peer.kind === 'user' && peer.row.bot === 1) throw new RpcError('NOT_IMPLEMENTED')
      if (peer.kind !== 'channel') throw new RpcError('PEER_ID_INVALID')
      mustCreate(peer)
      const id = await nextId(tx.trx, 'channel')
      await tx.trx.insertInto('community').values({ id, title, about, creator: tx.userId, date: tx.now }).execute()
      await setCommunityMember(tx, id, tx.userId, { collapsed: 0 })
      await linkChat(tx, id, peer.id, tx.userId, req.hidden !== true)
      return asUpdates(tx, [{ _: 'updateChannel', channelId: id }])
    })
  },
  { flood: 'create' },
)
