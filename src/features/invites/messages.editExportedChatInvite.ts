import { type InviteRow, inviteByHash, makeInvite, viewInvite } from '../../domain/channel-invites.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { complete } from '../../domain/complete.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { checkLimits, managed, named, type Place, TITLE } from './links.ts'

export default method(
  'messages.editExportedChatInvite',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const place = await managed(tx, req.peer)
      const row = await named(tx, place, req.link)
      if (row.revoked === 1) throw new RpcError('INVITE_HASH_EXPIRED')
      if (row.admin !== tx.userId && (await userRow(tx, row.admin))?.bot === 1) {
        throw new RpcError('EDIT_BOT_INVITE_FORBIDDEN')
      }
      const before = await viewInvite(tx, row)
      if (req.revoked) return revoke(tx, place, row)
      if (row.permanent === 1) throw new RpcError('CHAT_INVITE_PERMANENT')
      checkLimits(tx, { ...req, expireDate: undefined })
      const set: Partial<InviteRow> = { edited: tx.now }
      if (req.expireDate !== undefined) set.expires = req.expireDate
      if (req.usageLimit !== undefined) set.usage_limit = req.usageLimit
      if (req.requestNeeded !== undefined) set.request_needed = req.requestNeeded ? 1 : 0
      // Who has to ask is not counted beforehand: of the two the one that is set now holds.
      if (set.request_needed === 1) set.usage_limit = 0
      else if (set.usage_limit) set.request_needed = 0
      if (req.title !== undefined) set.title = req.title.trim().slice(0, TITLE) || null
      await change(tx, row, set)
      const invite = await viewInvite(tx, (await inviteByHash(tx, row.hash))!)
      if (place.kind === 'channel') {
        const action = {
          _: 'channelAdminLogEventActionExportedInviteEdit' as const,
          prevInvite: before,
          newInvite: invite,
        }
        await logEvent(tx, place.id, 'invites', action)
      }
      return complete<tl.messages_exportedChatInvite>(tx, { _: 'messages.exportedChatInvite', invite, users: [] })
    }),
  { flood: 'write' },
)

async function change(tx: Tx, row: InviteRow, set: Partial<InviteRow>): Promise<void> {
  await tx.trx.updateTable('chat_invite').set(set).where('peer', '=', row.peer).where('hash', '=', row.hash).execute()
}

/** The lasting link of an administrator gets a successor. */
async function revoke(tx: Tx, place: Place, row: InviteRow): Promise<tl.messages_ExportedChatInvite> {
  await change(tx, row, { revoked: 1 })
  const invite = await viewInvite(tx, { ...row, revoked: 1 })
  if (place.kind === 'channel') {
    await logEvent(tx, place.id, 'invites', { _: 'channelAdminLogEventActionExportedInviteRevoke', invite })
  }
  if (row.permanent === 0) {
    return complete<tl.messages_exportedChatInvite>(tx, { _: 'messages.exportedChatInvite', invite, users: [] })
  }
  const newInvite = await viewInvite(tx, await makeInvite(tx, place.peer, { permanent: 1 }, row.admin))
  const answer = { invite, newInvite, users: [] }
  return complete<tl.messages_exportedChatInviteReplaced>(tx, { _: 'messages.exportedChatInviteReplaced', ...answer })
}
