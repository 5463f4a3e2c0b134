import { type Kysely, sql } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { type Dialect, query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { chatRow, GONE, memberRow, ROLE } from './chat-rows.ts'
import { type DialogRow, dialogRow } from './message-rows.ts'
import { kindOf } from './peers.ts'
import { defaultRules, inOneOf, permissions, permits, privacyRules } from './privacy.ts'
import { type UserRow, userRow } from './user-rows.ts'
import { contactRow } from './users.ts'

const said = (db: Kysely<Tables>, p: { owner: number; peer: number }, d: Dialect, out: 0 | 1) =>
  db
    .selectFrom('message')
    .select('id')
    .where('owner', '=', p.owner)
    .where(d.rarely(sql`peer = ${p.peer}`))
    .where('out', '=', out)
    .where('action', 'is', null)
    .limit(1)
const saidByMe = query<{ owner: number; peer: number }>()((db, p, d) => said(db, p, d, 1))
const saidToMe = query<{ owner: number; peer: number }>()((db, p, d) => said(db, p, d, 0))
const blocked = query<{ owner: number; peer: number }>()((db, p) =>
  db
    .selectFrom('block')
    .select('owner')
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('stories', '=', 0),
)

/**
 * The bar above a private chat: add the stranger, block or report them, or share one's number with a contact who kept
 * one without it. Above a group: report it, or invite people. Nothing for oneself, bots, deleted accounts, and where
 * the bar was dismissed. https://core.telegram.org/api/action-bar
 */
export async function viewPeerSettings(ctx: Ctx, peer: number): Promise<tl.PeerSettings> {
  if (kindOf(peer) === 'chat') return viewGroupBar(ctx, peer)
  if (peer <= 0 || peer === ctx.viewer) return { _: 'peerSettings' }
  const row = await userRow(ctx, peer)
  if (!row || row.bot === 1 || row.support === 1) return { _: 'peerSettings' }
  const contact = await contactRow(ctx, ctx.viewer, peer)
  const dialog = await dialogRow(ctx, ctx.viewer, peer)
  if (contact) return viewContactBar(ctx, row, dialog)
  if (dialog?.bar_hidden === 1 || row.deleted === 1) return { _: 'peerSettings' }
  const key = { owner: ctx.viewer, peer }
  const refused = (await ctx.run(blocked, key)).length > 0
  const wrote = (await ctx.run(saidToMe, key)).length > 0
  const answered = wrote && (await ctx.run(saidByMe, key)).length > 0
  return {
    _: 'peerSettings',
    reportSpam: (wrote && !answered && !refused) || undefined,
    addContact: true,
    blockContact: !refused || undefined,
    needContactsException: !(await showsPhoneOnceAdded(ctx, row)) || undefined,
    autoarchived: (dialog?.folder === 1 && wrote && !answered) || undefined,
    registrationMonth: wrote && !answered ? registered(row) : undefined,
  }
}

/** A contact who keeps us without our number, and may not see it, can be given it. */
async function viewContactBar(ctx: Ctx, row: UserRow, dialog: DialogRow | undefined): Promise<tl.PeerSettings> {
  if (dialog?.bar_hidden === 1 || row.deleted === 1) return { _: 'peerSettings' }
  const kept = await contactRow(ctx, row.id, ctx.viewer)
  const lacking = kept !== undefined && kept.phone === ''
  const shown = !lacking || (await (await permissions(ctx, [ctx.viewer], row.id)).allows(ctx.viewer, 'phoneNumber'))
  return { _: 'peerSettings', shareContact: !shown || undefined }
}

/** Whoever made a group is asked for so long to invite people, seconds. */
const NEW_GROUP = 86_400

/** Somebody whom a stranger has put into a group may report it until they speak there themselves. */
async function viewGroupBar(ctx: Ctx, peer: number): Promise<tl.PeerSettings> {
  const chat = await chatRow(ctx, -peer)
  const own = await memberRow(ctx, -peer, ctx.viewer)
  const dialog = await dialogRow(ctx, ctx.viewer, peer)
  if (!chat || !own || own.gone !== GONE.in || chat.deactivated === 1 || dialog?.bar_hidden === 1) {
    return { _: 'peerSettings' }
  }
  if (own.role === ROLE.creator) {
    return { _: 'peerSettings', inviteMembers: chat.date + NEW_GROUP > ctx.now || undefined }
  }
  const invited = own.inviter !== ctx.viewer && !(await contactRow(ctx, ctx.viewer, own.inviter))
  const spoke = invited && (await ctx.run(saidByMe, { owner: ctx.viewer, peer })).length > 0
  return { _: 'peerSettings', reportSpam: (invited && own.role === ROLE.member && !spoke) || undefined }
}

/** Whether the viewer's rules show their phone to that user once the user is a contact of theirs. */
async function showsPhoneOnceAdded(ctx: Ctx, row: UserRow): Promise<boolean> {
  const rules = (await privacyRules(ctx, ctx.viewer)).get('phoneNumber') ?? defaultRules('phoneNumber')
  const who = { viewer: row.id, contact: true, closeFriend: false, premium: row.premium === 1, bot: false }
  return permits(rules, who, (chats) => inOneOf(ctx, row.id, chats))
}

/** `MM.YYYY`: what a stranger's first message is shown with. */
function registered(row: UserRow): string {
  const date = new Date(row.created_at * 1000)
  return `${String(date.getUTCMonth() + 1).padStart(2, '0')}.${date.getUTCFullYear()}`
}
