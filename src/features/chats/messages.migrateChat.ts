import { access, type ChatRef } from '../../domain/access.ts'
import { mayHaveOneMore } from '../../domain/channel-join.ts'
import { announceIn, putIn, setMember, tellAll } from '../../domain/channel-members.ts'
import { channelRow } from '../../domain/channel-rows.ts'
import { bumpVersion } from '../../domain/chat-members.ts'
import { isCreator, isPresent } from '../../domain/chat-rights.ts'
import { type MemberRow, memberRows, ROLE } from '../../domain/chat-rows.ts'
import { CHAT_ADMIN_RIGHTS } from '../../domain/chats.ts'
import { atRest } from '../../domain/message-view.ts'
import { channelPeer } from '../../domain/peers.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { userRows } from '../../domain/user-rows.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { nextId } from '../../storage/index.ts'
import { lockBoxes, openBox } from '../../updates/log.ts'

export default method(
  'messages.migrateChat',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const before = await access.chat(tx, req.chatId)
      await bumpVersion(tx, before.id)
      const chat = await access.chat(tx, req.chatId)
      if (!isPresent(chat)) throw new RpcError('CHAT_ID_INVALID')
      if (!isCreator(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      await mayHaveOneMore(tx, tx.userId)
      const id = await makeSupergroup(tx, chat)
      const members = [...(await memberRows(tx, chat.id))]
      const ids = members.map((member) => member.user_id)
      await lockBoxes(tx, ids)
      // Bots last: they are told that they came along, and of nobody else.
      const users = await userRows(tx, ids)
      members.sort((a, b) => (users.get(a.user_id)?.bot ?? 0) - (users.get(b.user_id)?.bot ?? 0))
      for (const member of members) await carryOver(tx, id, chat, member)
      // The members keep what was said, under the group's old number; nothing more is said there.
      const self = access.me(tx)
      const moved = await sendMessage(tx, self, chat, { action: { _: 'messageActionChatMigrateTo', channelId: id } })
      await tx.trx.updateTable('chat').set({ deactivated: 1, migrated_to: id }).where('id', '=', chat.id).execute()
      const action = { _: 'messageActionChannelMigrateFrom' as const, title: chat.row.title, chatId: chat.id }
      const arrived = await announceIn(tx, self, id, { action })
      // Its links, who came by them, and who waits to be let in.
      for (const table of ['chat_invite', 'chat_invite_user'] as const) {
        await tx.trx
          .updateTable(table)
          .set({ peer: channelPeer(id) })
          .where('peer', '=', chat.peer)
          .execute()
      }
      return sentUpdates(tx, [moved, arrived], [await tellAll(tx, id)])
    }),
  { flood: 'create' },
)

async function makeSupergroup(tx: Tx, chat: ChatRef): Promise<number> {
  const id = await nextId(tx.trx, 'channel')
  const { title, about, creator, photo_id, default_banned, noforwards, ttl, reactions } = chat.row
  const kept = { title, about, creator, photo_id, default_banned, noforwards, ttl, reactions }
  await tx.trx
    .insertInto('channel')
    .values({ id, ...kept, megagroup: 1, date: tx.now, migrated_from: chat.id })
    .execute()
  await openBox(tx, channelPeer(id))
  return id
}

/** A member comes along with their rights, with where the dialog stands in their list, and how loud it is. */
async function carryOver(tx: Tx, id: number, chat: ChatRef, member: MemberRow): Promise<void> {
  const { user_id: user, inviter, role, rank } = member
  await putIn(tx, (await channelRow(tx, id))!, user, { inviter })
  if (role === ROLE.creator) await setMember(tx, id, user, { role, rank })
  if (role === ROLE.admin) {
    const rights = atRest(CHAT_ADMIN_RIGHTS)
    await setMember(tx, id, user, { role, rank, admin_rights: rights, promoted_by: chat.row.creator })
  }
  const dialog = await tx.trx
    .selectFrom('dialog')
    .select(['pinned', 'folder'])
    .where('owner', '=', user)
    .where('peer', '=', chat.peer)
    .executeTakeFirst()
  if (!dialog) return
  await tx.trx.updateTable('dialog').set(dialog).where('owner', '=', user).where('peer', '=', channelPeer(id)).execute()
  await tx.trx
    .updateTable('dialog')
    .set({ pinned: 0 })
    .where('owner', '=', user)
    .where('peer', '=', chat.peer)
    .execute()
  await tx.trx
    .updateTable('notify_setting')
    .set({ scope: String(channelPeer(id)) })
    .where('owner', '=', user)
    .where('scope', '=', String(chat.peer))
    .execute()
}
