import type { Ctx } from '../rpc/context.ts'
import { adminRights, isAdmin, isCreator } from './channel-rights.ts'
import { type ChannelMemberRow, type ChannelRow, channelMember, channelRow } from './channel-rows.ts'
import type { MessageRow } from './message-rows.ts'
import { bareId, channelPeer } from './peers.ts'

/**
 * Who the viewer is (marked id) among those who react and vote in a box: in a group where they have chosen to speak as
 * a channel, that channel. https://core.telegram.org/method/messages.saveDefaultSendAs
 */
export async function voterInBox(ctx: Ctx, owner: number): Promise<number> {
  if (owner > 0 || ctx.viewer === 0) return ctx.viewer
  const member = await channelMember(ctx, bareId(owner), ctx.viewer)
  if (!member || !isAdmin(member)) return member?.send_as ?? ctx.viewer
  const row = await channelRow(ctx, bareId(owner))
  return member.send_as ?? (row && nameOf(row, member)) ?? ctx.viewer
}

/**
 * In whose name an administrator reacts and votes, where that is not their own: those who answer a channel's direct
 * messages do so for it, and a group's anonymous creator for the group. Nobody is to see who they are.
 */
export function nameOf(row: ChannelRow, member: ChannelMemberRow | undefined): number | undefined {
  if (!member || !isAdmin(member)) return undefined
  if (row.monoforum === 1) return channelPeer(row.monoforum_link!)
  const hidden = row.megagroup === 1 && isCreator(member) && adminRights(row, member)?.anonymous
  return hidden ? channelPeer(row.id) : undefined
}

/** Messages by who the viewer is where they are. */
export async function byVoter(ctx: Ctx, rows: Iterable<MessageRow>): Promise<Map<number, MessageRow[]>> {
  const voters = new Map<number, number>()
  const grouped = new Map<number, MessageRow[]>()
  for (const row of rows) {
    const voter = voters.get(row.owner) ?? (await voterInBox(ctx, row.owner))
    voters.set(row.owner, voter)
    const own = grouped.get(voter)
    if (own) own.push(row)
    else grouped.set(voter, [row])
  }
  return grouped
}
