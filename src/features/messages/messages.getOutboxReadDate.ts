import { access } from '../../domain/access.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { READ_MARKS_KEPT, readDate } from '../../domain/read-marks.ts'
import { type UserRow, userRow } from '../../domain/user-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

export default method(
  'messages.getOutboxReadDate',
  async (ctx, req) => {
    const peer = await access.userPeer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.msgId)
    if (row.out !== 1 || peer.self) throw new RpcError('MESSAGE_ID_INVALID')
    if (row.date + READ_MARKS_KEPT < ctx.now) throw new RpcError('MESSAGE_TOO_OLD')
    if (!(await showsReadDates(ctx, peer.row, ctx.userId))) throw new RpcError('USER_PRIVACY_RESTRICTED')
    const me = (await userRow(ctx, ctx.userId))!
    if (!me.premium && !(await showsReadDates(ctx, me, peer.id))) throw new RpcError('YOUR_PRIVACY_RESTRICTED')
    const dialog = await dialogRow(ctx, ctx.userId, peer.peer)
    if (!dialog || dialog.read_outbox < row.id) throw new RpcError('MESSAGE_NOT_READ_YET')
    const date = await readDate(ctx, peer.id, ctx.userId, row.origin)
    if (date === undefined) throw new RpcError('MESSAGE_TOO_OLD')
    return { _: 'outboxReadDate', date }
  },
  { flood: 'read' },
)

/** Read dates go with the time one was last seen, and can be hidden apart. */
async function showsReadDates(ctx: Ctx, user: UserRow, viewer: number): Promise<boolean> {
  const settings = user.global_privacy ? (readObject(user.global_privacy) as tl.GlobalPrivacySettings) : undefined
  return !settings?.hideReadMarks && (await allowedBy(ctx, user.id, 'statusTimestamp', viewer))
}
