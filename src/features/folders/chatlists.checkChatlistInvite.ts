import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { completeInvited, folderOf, inviteBySlug, leadsTo, peersOf } from './chatlists.ts'
import { sharedFilter } from './join-chatlist.ts'

/** https://core.telegram.org/method/chatlists.checkChatlistInvite */
export default method(
  'chatlists.checkChatlistInvite',
  async (ctx, req) => {
    if (req.slug === '') throw new RpcError('INVITE_SLUG_EMPTY')
    const invite = await inviteBySlug(ctx, req.slug)
    if (!invite) throw new RpcError('INVITE_SLUG_EXPIRED')
    const { title, titleNoanimate, emoticon } = await sharedFilter(ctx, invite)
    const open = await leadsTo(ctx, invite)
    const own = await folderOf(ctx, invite)
    if (!own) {
      const looks = { title, titleNoanimate, emoticon }
      const answer = { _: 'chatlists.chatlistInvite' as const, ...looks, peers: open.map(toPeer), chats: [], users: [] }
      return completeInvited(ctx, answer, open)
    }
    const inside = new Set(peersOf(ctx, own))
    const answer = {
      _: 'chatlists.chatlistInviteAlready' as const,
      filterId: own.id,
      missingPeers: open.filter((peer) => !inside.has(peer)).map(toPeer),
      alreadyPeers: open.filter((peer) => inside.has(peer)).map(toPeer),
      chats: [],
      users: [],
    }
    return completeInvited(ctx, answer, open)
  },
  { flood: 'search' },
)
