import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'

export type ChatRow = Selectable<Tables['chat']>
export type MemberRow = Selectable<Tables['chat_member']>

export const ROLE = { member: 0, admin: 1, creator: 2 } as const
export const GONE = { in: 0, left: 1, removed: 2 } as const

const byId = query<{ id: number }>({ table: 'chat', byId: true })((db, p) =>
  db.selectFrom('chat').selectAll().where('id', '=', p.id),
)
const member = query<{ chat: number; user: number }>({ table: 'chat_member' })((db, p) =>
  db.selectFrom('chat_member').selectAll().where('chat_id', '=', p.chat).where('user_id', '=', p.user),
)
const members = query<{ chat: number }>({ table: 'chat_member' })((db, p) =>
  db.selectFrom('chat_member').selectAll().where('chat_id', '=', p.chat).where('gone', '=', 0).orderBy('user_id'),
)

export async function chatRow(ctx: Ctx, id: number): Promise<ChatRow | undefined> {
  const [row] = await ctx.run(byId, { id })
  return row
}

/** A membership, also of those who are gone. */
export async function memberRow(ctx: Ctx, chat: number, user: number): Promise<MemberRow | undefined> {
  const [row] = await ctx.run(member, { chat, user })
  return row
}

/** See Ctx.ahead. */
export const askMember = (ctx: Ctx, chat: number, user: number): void => ctx.ahead(member, { chat, user })
export const askMembers = (ctx: Ctx, chat: number): void => ctx.ahead(members, { chat })

/** Present members of a basic group. */
export async function memberRows(ctx: Ctx, chat: number): Promise<MemberRow[]> {
  return ctx.run(members, { chat })
}
