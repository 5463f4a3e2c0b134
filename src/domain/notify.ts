import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { channelRows } from './channel-rows.ts'
import { countStat } from './channel-stats.ts'
import { atRest } from './message-view.ts'
import { bareId, kindOf } from './peers.ts'

/** Which dialogs settings without a dialog are for. https://core.telegram.org/type/NotifyPeer */
export type NotifyScope = 'users' | 'chats' | 'broadcasts'
export const NOTIFY_SCOPES: readonly NotifyScope[] = ['users', 'chats', 'broadcasts']

/** The settings that hold where a dialog has none of its own: supergroups are among the chats. */
export async function scopeOf(ctx: Ctx, peer: number): Promise<NotifyScope> {
  return (await scopesOf(ctx, [peer])).get(peer)!
}

/** Like scopeOf, for several dialogs; every one is in the answer. */
async function scopesOf(ctx: Ctx, peers: readonly number[]): Promise<Map<number, NotifyScope>> {
  const ids = peers.filter((peer) => kindOf(peer) === 'channel').map(bareId)
  const channels = ids.length > 0 ? await channelRows(ctx, ids) : undefined
  const scope = (peer: number): NotifyScope => {
    const kind = kindOf(peer)
    if (kind !== 'channel') return kind === 'user' ? 'users' : 'chats'
    return channels?.get(bareId(peer))?.megagroup === 1 ? 'chats' : 'broadcasts'
  }
  return new Map(peers.map((peer) => [peer, scope(peer)]))
}

const byScopes = query<{ owner: number; scopes: readonly string[] }>()((db, p, d) =>
  db
    .selectFrom('notify_setting')
    .select(['scope', 'tl'])
    .where('owner', '=', p.owner)
    .where('scope', 'in', d.eachText(p.scopes) as never),
)
const mutes = query<{ owners: readonly number[]; scopes: readonly string[] }>()((db, p, d) =>
  db
    .selectFrom('notify_setting')
    .select(['owner', 'scope', 'mute_until'])
    .where('owner', 'in', d.each(p.owners) as never)
    .where('scope', 'in', d.eachText(p.scopes) as never),
)

/** An account's own notification settings for a dialog: only what differs from its scope's is there. */
export async function notifySettings(
  ctx: Ctx,
  owner: number,
  peer: number | TopicScope | CommunityScope,
): Promise<tl.peerNotifySettings> {
  if (typeof peer === 'number') return (await notifySettingsOf(ctx, owner, [peer])).get(peer)!
  const [row] = await ctx.run(byScopes, { owner, scopes: [peer] })
  return row ? (readObject(row.tl) as tl.peerNotifySettings) : { _: 'peerNotifySettings' }
}

/** Like notifySettings, for several dialogs with one reading; every one is in the answer. */
export async function notifySettingsOf(
  ctx: Ctx,
  owner: number,
  peers: readonly number[],
): Promise<Map<number, tl.peerNotifySettings>> {
  const settings = new Map<number, tl.peerNotifySettings>(peers.map((peer) => [peer, { _: 'peerNotifySettings' }]))
  if (peers.length === 0) return settings
  for (const row of await ctx.run(byScopes, { owner, scopes: peers.map(String) })) {
    settings.set(Number(row.scope), readObject(row.tl) as tl.peerNotifySettings)
  }
  return settings
}

/** A topic of a forum among the scopes of notification settings. */
export const topicScope = (peer: number, topic: number): TopicScope => `${peer}/${topic}`
export type TopicScope = `${number}/${number}`

/** A community among the scopes of notification settings. */
export const communityScope = (id: number): CommunityScope => `community:${id}`
export type CommunityScope = `community:${number}`

/** An account's own notification settings for topics of a forum; every topic is in the answer. */
export async function topicNotifySettings(
  ctx: Ctx,
  owner: number,
  peer: number,
  topics: readonly number[],
): Promise<Map<number, tl.peerNotifySettings>> {
  const settings = new Map<number, tl.peerNotifySettings>(topics.map((id) => [id, { _: 'peerNotifySettings' }]))
  if (topics.length === 0) return settings
  for (const row of await ctx.run(byScopes, { owner, scopes: topics.map((id) => topicScope(peer, id)) })) {
    settings.set(Number(row.scope.slice(row.scope.indexOf('/') + 1)), readObject(row.tl) as tl.peerNotifySettings)
  }
  return settings
}

const SOUND: tl.NotificationSound = { _: 'notificationSoundDefault' }

/** What holds in a scope while an account has set nothing. */
const DEFAULT: tl.peerNotifySettings = {
  _: 'peerNotifySettings',
  showPreviews: true,
  silent: false,
  muteUntil: 0,
  iosSound: SOUND,
  androidSound: SOUND,
  otherSound: SOUND,
  storiesHideSender: false,
  storiesIosSound: SOUND,
  storiesAndroidSound: SOUND,
  storiesOtherSound: SOUND,
}

/** An account's settings for all dialogs of a scope: everything has a value there. */
export async function scopeSettings(ctx: Ctx, owner: number, scope: NotifyScope): Promise<tl.peerNotifySettings> {
  const [row] = await ctx.run(byScopes, { owner, scopes: [scope] })
  return overDefault(row && (readObject(row.tl) as tl.peerNotifySettings))
}

/** Settings of a scope as they are shown: what was not set has the usual value. */
export function overDefault(settings: tl.peerNotifySettings | undefined): tl.peerNotifySettings {
  const out = { ...DEFAULT }
  for (const [key, value] of Object.entries(settings ?? {}))
    if (value !== undefined) Object.assign(out, { [key]: value })
  return out
}

/** Which of the owners have notifications of this dialog switched off now. */
export async function mutedFor(ctx: Ctx, owners: readonly number[], peer: number): Promise<Set<number>> {
  const own = String(peer)
  const rows = await ctx.run(mutes, { owners, scopes: [own, await scopeOf(ctx, peer)] })
  const until = new Map<number, number>()
  // A dialog's own setting goes before its scope's.
  for (const row of rows) if (row.scope !== own && row.mute_until !== null) until.set(row.owner, row.mute_until)
  for (const row of rows) if (row.scope === own && row.mute_until !== null) until.set(row.owner, row.mute_until)
  return new Set(owners.filter((owner) => (until.get(owner) ?? 0) > ctx.now))
}

/** Which of an account's dialogs have notifications switched off now. */
export async function mutedAmong(ctx: Ctx, owner: number, peers: readonly number[]): Promise<Set<number>> {
  if (peers.length === 0) return new Set()
  const rows = await ctx.run(mutes, { owners: [owner], scopes: [...peers.map(String), ...NOTIFY_SCOPES] })
  const until = new Map(rows.filter((r) => r.mute_until !== null).map((r) => [r.scope, r.mute_until!]))
  const scopes = await scopesOf(ctx, peers)
  return new Set(peers.filter((peer) => (until.get(String(peer)) ?? until.get(scopes.get(peer)!) ?? 0) > ctx.now))
}

/** Longest title or name of a sound on the device. */
const SOUND_LENGTH = 256

/** A client's settings as they are kept: one sound for every kind of app. SETTINGS_INVALID. */
export function checkSettings(input: tl.inputPeerNotifySettings): tl.peerNotifySettings {
  const { showPreviews, silent, muteUntil, sound, storiesMuted, storiesHideSender, storiesSound } = input
  if (muteUntil !== undefined && muteUntil < 0) throw new RpcError('SETTINGS_INVALID')
  for (const one of [sound, storiesSound]) {
    if (one?._ !== 'notificationSoundLocal') continue
    if (one.title.length > SOUND_LENGTH || one.data.length > SOUND_LENGTH) throw new RpcError('SETTINGS_INVALID')
  }
  return {
    _: 'peerNotifySettings',
    showPreviews,
    silent,
    muteUntil,
    iosSound: sound,
    androidSound: sound,
    otherSound: sound,
    storiesMuted,
    storiesHideSender,
    storiesIosSound: storiesSound,
    storiesAndroidSound: storiesSound,
    storiesOtherSound: storiesSound,
  }
}

/**
 * Replaces an account's settings for a scope or a dialog: what is left out goes back to the default.
 * https://core.telegram.org/method/account.updateNotifySettings
 */
export async function setNotifySettings(
  tx: Tx,
  scope: NotifyScope | number | TopicScope | CommunityScope,
  settings: tl.peerNotifySettings,
): Promise<void> {
  const owner = tx.userId
  const name = String(scope)
  const { _: __, ...fields } = settings
  if (typeof scope === 'number' && kindOf(scope) === 'channel') await countMute(tx, scope, settings)
  if (Object.values(fields).every((value) => value === undefined)) {
    await tx.trx.deleteFrom('notify_setting').where('owner', '=', owner).where('scope', '=', name).execute()
  } else {
    const row = { tl: atRest(settings), mute_until: settings.muteUntil ?? null }
    await tx.trx
      .insertInto('notify_setting')
      .values({ owner, scope: name, ...row })
      .onConflict((c) => c.columns(['owner', 'scope']).doUpdateSet(row))
      .execute()
  }
}

/** A channel's statistics tell how many of its people mute it. */
async function countMute(tx: Tx, peer: number, settings: tl.peerNotifySettings): Promise<void> {
  const [before] = await tx.run(mutes, { owners: [tx.userId], scopes: [String(peer)] })
  const was = (before?.mute_until ?? 0) > tx.now
  const is = (settings.muteUntil ?? 0) > tx.now
  if (was !== is) await countStat(tx, bareId(peer), is ? 'mute' : 'unmute')
}
