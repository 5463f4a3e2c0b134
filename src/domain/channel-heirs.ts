import { Context, type Ctx, type Tx } from '../rpc/context.ts'
import { schedule } from '../rpc/jobs.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import { access, type ChannelRef, ownUser } from './access.ts'
import { lockWithBots } from './bot-updates.ts'
import { lastingInvite, linkOf, makeInvite } from './channel-invites.ts'
import { announceIn, lockChannel, logEvent, setMember, tellAll, viewMember } from './channel-members.ts'
import { isCreator, isIn, rightsOf } from './channel-rights.ts'
import { type ChannelMemberRow, channelAdmins, channelMember } from './channel-rows.ts'
import { setChannel } from './channel-settings.ts'
import { ROLE } from './chat-rows.ts'
import { fullName } from './forward-header.ts'
import { atRest } from './message-view.ts'
import { channelPeer } from './peers.ts'
import type { Sent } from './send.ts'
import { tellAccount } from './service-account.ts'
import { userRow, userRows } from './user-rows.ts'
import { activeUsernames } from './usernames.ts'

/** A creator who has left may come back as one for so long, seconds. https://core.telegram.org/api/channel#leaving-groups-channels */
const BACK = 7 * 86_400

/** Who gets a channel when its creator has left for good: the person who has been in it longest of its administrators. */
export async function channelHeir(ctx: Ctx, channelId: number): Promise<ChannelMemberRow | undefined> {
  const admins = (await channelAdmins(ctx, channelId)).filter((one) => isIn(one) && one.role === ROLE.admin)
  const users = await userRows(
    ctx,
    admins.map((one) => one.user_id),
  )
  const people = admins.filter((one) => users.get(one.user_id)?.bot === 0 && users.get(one.user_id)?.deleted === 0)
  return people.sort((a, b) => a.date - b.date || a.user_id - b.user_id)[0]
}

/** Says in a supergroup that its creator is about to leave it to another. */
export async function announceHeir(tx: Tx, { id, row }: ChannelRef, next: ChannelMemberRow): Promise<Sent[]> {
  if (row.megagroup === 0) return []
  const action: tl.MessageAction = { _: 'messageActionNewCreatorPending', newCreatorId: next.user_id }
  return [await announceIn(tx, access.me(tx), id, { action, sendAs: tx.userId })]
}

/** A channel's creator has gone: whoever is its heir has it in time. The job is the channel's, not the account's. */
export async function scheduleHeir(tx: Tx, id: number, from: number): Promise<void> {
  const job = { id: `channel heir ${id}`, kind: 'channels.inherit', owner: channelPeer(id) }
  await schedule(tx, { ...job, dueAt: tx.now + BACK, data: { id, from } })
}

/** A channel's creator has left it to another: they are told how to come back, and it is given away in time. */
export async function awaitCreator(tx: Tx, channel: ChannelRef, next: ChannelMemberRow): Promise<void> {
  const { id, row } = channel
  const owner = tx.userId
  await scheduleHeir(tx, id, owner)
  const name = fullName((await userRow(tx, next.user_id))!)
  const what = row.megagroup === 1 ? 'group' : 'channel'
  const text = `You left the ${what} ${row.title}. If you do not come back within 7 days, ${name} will own it.`
  const type: tl.InlineButtonType = { _: 'inlineButtonTypeUrl', url: await wayBack(tx, channel) }
  const button = { _: 'keyboardInlineButton' as const, text: `Return to the ${what}`, type }
  const rows = [{ _: 'keyboardInlineButtonRow' as const, buttons: [button] }]
  // The answer is of the channel; this comes like anything else in one's dialogs.
  await tellAccount(tx.aloud, owner, text, undefined, { _: 'replyInlineMarkup', rows })
}

/** The link by which a creator who left comes in again. */
async function wayBack(tx: Tx, { peer }: ChannelRef): Promise<string> {
  const [name] = await activeUsernames(tx, peer)
  if (name) return `https://t.me/${name.username}`
  return linkOf((await lastingInvite(tx, peer, tx.userId)) ?? (await makeInvite(tx, peer, { permanent: 1 })))
}

/** A creator's time to come back is over: whoever is the heir now gets their channel. The job goes with it. */
export async function inherit(ctx: Ctx, job: { id: string; data: unknown }): Promise<void> {
  const { id, from } = job.data as { id: number; from: number }
  // What is told of it was done by the one who left.
  await new Context(ctx.app, from).transact(async (tx) => {
    const due = await tx.trx.deleteFrom('job').where('id', '=', job.id).returning('id').executeTakeFirst()
    const channel = await lockChannel(tx, id)
    const before = await channelMember(tx, id, from)
    if (!due || channel.row.deleted === 1 || !isCreator(before) || isIn(before)) return
    const next = await channelHeir(tx, id)
    if (!next) return
    await giveChannel(tx, channel, from, next.user_id)
    await tellAll(tx, id)
    if (channel.row.megagroup === 0) return
    const action: tl.MessageAction = { _: 'messageActionChangeCreator', newCreatorId: next.user_id }
    await announceIn(tx, await ownUser(tx, from), id, { action, sendAs: from })
  })
}

/**
 * Makes somebody a channel's creator in the place of another, who stays an administrator with every right if they are in
 * it still. The channel is locked already.
 */
export async function giveChannel(tx: Tx, channel: ChannelRef, from: number, to: number): Promise<void> {
  const { id, peer, row } = channel
  await lockWithBots(tx, peer, [from, to])
  await lockBoxes(tx, [from, to])
  const all: tl.chatAdminRights = { _: 'chatAdminRights' }
  for (const right of rightsOf(row)) if (right !== 'anonymous') all[right] = true
  await setChannel(tx, channel, { creator: to })
  const stays = isIn(await channelMember(tx, id, from))
  const former = { role: ROLE.admin, admin_rights: atRest(all), promoted_by: to }
  await setMember(
    tx,
    id,
    from,
    stays ? former : { role: ROLE.member, admin_rights: null, rank: null, promoted_by: null },
  )
  const set = { role: ROLE.creator, admin_rights: null, promoted_by: null }
  const { before, after } = await setMember(tx, id, to, set)
  // So clients tell in the recent actions that it was given away.
  const action: tl.ChannelAdminLogEventAction = {
    _: 'channelAdminLogEventActionParticipantToggleAdmin',
    prevParticipant: viewMember(tx, channel, before!),
    newParticipant: viewMember(tx, channel, after),
  }
  await logEvent(tx, id, 'promote', action, '', from)
}
