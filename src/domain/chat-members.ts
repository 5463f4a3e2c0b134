import type { Ctx, Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import type { Fact, FactKind } from '../updates/facts.ts'
import { access, type ChatRef, ownUser, type UserRef } from './access.ts'
import { type CameBy, tellChatBots } from './bot-updates.ts'
import { chatRow, GONE, type MemberRow, memberRow, memberRows, ROLE } from './chat-rows.ts'
import { welcome } from './ephemeral.ts'
import { type NewMessage, type Sent, sendMessage } from './send.ts'

declare module '../updates/facts.ts' {
  interface Facts {
    /** The members of a basic group changed: shows as they are when it is read. */
    chatParticipants: { chat: number }
  }
}

/** https://core.telegram.org/constructor/updateChatParticipants */
export const chatParticipantsKind: FactKind<'chatParticipants'> = {
  pts: () => 0,
  async render(viewer, facts) {
    const updates: tl.Update[] = []
    for (const { fact } of facts) {
      updates.push({ _: 'updateChatParticipants', participants: await viewParticipants(viewer, fact.chat) })
    }
    return updates
  },
}

export function viewParticipant(row: MemberRow): tl.ChatParticipant {
  const { user_id: userId, inviter: inviterId, date } = row
  const rank = row.rank ?? undefined
  if (row.role === ROLE.creator) return { _: 'chatParticipantCreator', userId, rank }
  if (row.role === ROLE.admin) return { _: 'chatParticipantAdmin', userId, inviterId, date, rank }
  return { _: 'chatParticipant', userId, inviterId, date, rank }
}

/** The members as the viewer may see them: those who are not in the group see nothing. */
export async function viewParticipants(ctx: Ctx, chatId: number): Promise<tl.ChatParticipants> {
  const chat = await chatRow(ctx, chatId)
  const own = await memberRow(ctx, chatId, ctx.viewer)
  if (!chat || !own || own.gone !== GONE.in) return { _: 'chatParticipantsForbidden', chatId }
  const participants = (await memberRows(ctx, chatId)).map(viewParticipant)
  return { _: 'chatParticipants', chatId, participants, version: chat.version }
}

/**
 * Counts a change of a group's members or settings. The row stays locked to the commit, so changes of one group
 * follow each other; what is read after it is current.
 */
export async function bumpVersion(tx: Tx, chatId: number, members = 0): Promise<{ version: number; count: number }> {
  return tx.trx
    .updateTable('chat')
    .set((eb) => ({ version: eb('version', '+', 1), count: eb('count', '+', members) }))
    .where('id', '=', chatId)
    .returning(['version', 'count'])
    .executeTakeFirstOrThrow()
}

/** Tells every member that the members changed. Gives what the caller's own answer is to hold. */
export async function tellParticipants(tx: Tx, chatId: number): Promise<tl.Update> {
  await tellAll(tx, chatId, { kind: 'chatParticipants', chat: chatId })
  return { _: 'updateChatParticipants', participants: await viewParticipants(tx, chatId) }
}

/** Tells every member the same update; the caller's own session has it in its answer. */
export async function tellMembers(tx: Tx, chatId: number, update: tl.Update): Promise<void> {
  await tellAll(tx, chatId, { kind: 'update', update })
}

async function tellAll(tx: Tx, chatId: number, fact: Fact): Promise<void> {
  await tx.publishAll((await memberRows(tx, chatId)).map((member) => [member.user_id, fact]))
}

/** A service message of the caller to everybody in the group. */
export async function announce(tx: Tx, chatId: number, content: NewMessage): Promise<Sent> {
  return sendMessage(tx, await ownUser(tx, tx.userId), await access.chat(tx, chatId), content)
}

/** Puts somebody into a group (again). */
export async function addMember(
  tx: Tx,
  chatId: number,
  user: UserRef,
  inviter: number,
  { role = ROLE.member, ...by }: CameBy & { role?: number } = {},
): Promise<void> {
  const before = await memberRow(tx, chatId, user.id)
  const row = { inviter, date: tx.now, role, rank: null, gone: GONE.in }
  await tx.trx
    .insertInto('chat_member')
    .values({ chat_id: chatId, user_id: user.id, ...row })
    .onConflict((c) => c.columns(['chat_id', 'user_id']).doUpdateSet(row))
    .execute()
  await tellChatBots(tx, chatId, user.id, before, by)
  await welcome(tx, -chatId, user.id)
}

/** Changes a member's place in a group: as what they are in it, and their title. */
export async function setInChat(
  tx: Tx,
  chatId: number,
  userId: number,
  set: Partial<Pick<MemberRow, 'role' | 'rank'>>,
): Promise<void> {
  const before = await memberRow(tx, chatId, userId)
  await tx.trx.updateTable('chat_member').set(set).where('chat_id', '=', chatId).where('user_id', '=', userId).execute()
  await tellChatBots(tx, chatId, userId, before)
}

/** Takes somebody out of a group: by themselves, or by another who may. What they have of its history stays theirs. */
export async function removeMember(tx: Tx, chat: ChatRef, userId: number): Promise<void> {
  const gone = userId === tx.userId ? GONE.left : GONE.removed
  const before = await memberRow(tx, chat.id, userId)
  await tx.trx
    .updateTable('chat_member')
    .set({ gone, role: ROLE.member, rank: null })
    .where('chat_id', '=', chat.id)
    .where('user_id', '=', userId)
    .execute()
  await bumpVersion(tx, chat.id, -1)
  await tellChatBots(tx, chat.id, userId, before)
}
