import { access, type ChannelRef, seesIn } from '../../domain/access.ts'
import { isIn } from '../../domain/channel-rights.ts'
import { STATE } from '../../domain/channel-rows.ts'
import { isPresent } from '../../domain/chat-rights.ts'
import { memberRows } from '../../domain/chat-rows.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { markDate, READ_MARK_MEMBERS, READ_MARKS_KEPT, readDate } from '../../domain/read-marks.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getMessageReadParticipants',
  async (ctx, req) => {
    const chat = await access.peer(ctx, req.peer)
    if (chat.kind === 'channel') return inSupergroup(ctx, chat, req.msgId)
    if (chat.kind !== 'chat' || !isPresent(chat)) throw new RpcError('PEER_ID_INVALID')
    if (chat.row.count > READ_MARK_MEMBERS) throw new RpcError('CHAT_TOO_BIG')
    const message = await messageRow(ctx, ctx.userId, req.msgId)
    if (message?.peer !== chat.peer) throw new RpcError('MSG_ID_INVALID')
    if (message.date + READ_MARKS_KEPT < ctx.now) throw new RpcError('MSG_TOO_OLD')
    const readers: tl.ReadParticipantDate[] = []
    for (const { user_id: userId } of await memberRows(ctx, chat.id)) {
      if (userId === ctx.userId || userId === message.from_id) continue
      const date = await readDate(ctx, userId, chat.peer, message.origin)
      if (date !== undefined) readers.push({ _: 'readParticipantDate', userId, date })
    }
    return readers.sort((a, b) => b.date - a.date)
  },
  { flood: 'read' },
)

async function inSupergroup(ctx: Ctx, group: ChannelRef, id: number): Promise<tl.ReadParticipantDate[]> {
  const { row, member, peer } = group
  if (row.megagroup === 0 || row.monoforum === 1 || !isIn(member)) throw new RpcError('PEER_ID_INVALID')
  if (row.members > READ_MARK_MEMBERS) throw new RpcError('CHAT_TOO_BIG')
  const message = await messageRow(ctx, peer, id)
  if (!message || !seesIn(group, message)) throw new RpcError('MSG_ID_INVALID')
  if (message.date + READ_MARKS_KEPT < ctx.now) throw new RpcError('MSG_TOO_OLD')
  const members = await ctx.db
    .selectFrom('channel_member')
    .select('user_id')
    .where('channel_id', '=', group.id)
    .where('state', '=', STATE.in)
    .execute()
  const readers: tl.ReadParticipantDate[] = []
  for (const { user_id: userId } of members) {
    if (userId === ctx.userId || userId === message.sender) continue
    const date = await markDate(ctx, userId, peer, id)
    if (date !== undefined) readers.push({ _: 'readParticipantDate', userId, date })
  }
  return readers.sort((a, b) => b.date - a.date)
}
