import { access } from '../../domain/access.ts'
import { viewChannels } from '../../domain/channels.ts'
import { viewChats } from '../../domain/chats.ts'
import { commonChats, countCommonChats } from '../../domain/common-chats.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const MOST = 100

export default method(
  'messages.getCommonChats',
  async (ctx, req) => {
    const user = await access.user(ctx, req.userId)
    if (user.self) throw new RpcError('USER_ID_INVALID')
    const found = await commonChats(ctx, user.id, req.maxId, Math.max(1, Math.min(req.limit, MOST)))
    const ids = (kind: 'chat' | 'channel') => found.filter((peer) => kindOf(peer) === kind).map(bareId)
    const groups = await viewChats(ctx, ids('chat'))
    const supergroups = await viewChannels(ctx, ids('channel'))
    // One numbering for both in the order of the answer.
    const chats = [...supergroups, ...groups].sort((a, b) => b.id - a.id)
    // A page says how many there are: clients take what comes without for all of them.
    const count = await countCommonChats(ctx, user.id)
    return chats.length === count ? { _: 'messages.chats', chats } : { _: 'messages.chatsSlice', count, chats }
  },
  { flood: 'read' },
)
