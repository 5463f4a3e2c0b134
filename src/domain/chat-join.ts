import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, type ChatRef, ownUser } from './access.ts'
import type { CameBy } from './bot-updates.ts'
import { addMember, announce, bumpVersion, removeMember, setInChat, tellParticipants } from './chat-members.ts'
import { isCreator } from './chat-rights.ts'
import { chatRow, GONE, type MemberRow, memberRow, memberRows, ROLE } from './chat-rows.ts'
import { type Sent, sendMessage } from './send.ts'
import { userRows } from './user-rows.ts'

/** Somebody comes into a basic group without being added: by a link, a shared folder, or because they asked. */
export async function intoGroup(
  tx: Tx,
  id: number,
  user: number,
  inviter: number,
  action: tl.MessageAction,
  by: CameBy = {},
): Promise<{ sent: Sent[]; update: tl.Update }> {
  const chat = await chatRow(tx, id)
  if (!chat || chat.deactivated === 1) throw new RpcError('INVITE_HASH_EXPIRED')
  if ((await memberRow(tx, id, user))?.gone === GONE.in) throw new RpcError('USER_ALREADY_PARTICIPANT')
  const { count } = await bumpVersion(tx, id, 1)
  if (count > tx.app.config.limits.chatMembers) throw new RpcError('USERS_TOO_MUCH')
  const self = await ownUser(tx, user)
  await addMember(tx, id, self, inviter, by)
  const sent = [await sendMessage(tx, self, await access.chat(tx, id), { action })]
  return { sent, update: await tellParticipants(tx, id) }
}

/** Somebody goes, or is taken out: the others are told, and a creator who goes leaves the group to another. */
export async function outOfGroup(tx: Tx, chat: ChatRef, user: number): Promise<Sent> {
  // The service message still reaches the one who goes.
  const sent = await announce(tx, chat.id, { action: { _: 'messageActionChatDeleteUser', userId: user } })
  const next = user === tx.userId && isCreator(chat) ? await heir(tx, chat) : undefined
  if (next) await passOn(tx, chat.id, user, next.user_id)
  await removeMember(tx, chat, user)
  return sent
}

/** Who gets a group when its creator leaves: the administrator who has been in it longest, else such a member; no bot. */
export async function heir(ctx: Ctx, chat: ChatRef): Promise<MemberRow | undefined> {
  const members = await memberRows(ctx, chat.id)
  const users = await userRows(
    ctx,
    members.map((m) => m.user_id),
  )
  const others = members.filter((m) => m.role !== ROLE.creator && users.get(m.user_id)?.bot === 0)
  others.sort((a, b) => b.role - a.role || a.date - b.date || a.user_id - b.user_id)
  return others[0]
}

/** Makes one member the creator of a group in the place of another, who stays an administrator. */
export async function passOn(tx: Tx, chatId: number, from: number, to: number): Promise<void> {
  const setRole = (user: number, role: number) => setInChat(tx, chatId, user, { role })
  await setRole(from, ROLE.admin)
  await setRole(to, ROLE.creator)
  await tx.trx.updateTable('chat').set({ creator: to }).where('id', '=', chatId).execute()
}
