import type { Ctx } from '../rpc/context.ts'
import { channelMember } from './channel-rows.ts'
import type { MessageRow } from './message-rows.ts'
import { bareId } from './peers.ts'

/**
 * Who the viewer is (marked id) among those who react and vote in a box: in a group where they have chosen to speak as
 * a channel, that channel. https://core.telegram.org/method/messages.saveDefaultSendAs
 */
export async function voterInBox(ctx: Ctx, owner: number): Promise<number> {
  if (owner > 0 || ctx.viewer === 0) return ctx.viewer
  return (await channelMember(ctx, bareId(owner), ctx.viewer))?.send_as ?? ctx.viewer
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
