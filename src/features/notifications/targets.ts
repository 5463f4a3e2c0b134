import { access } from '../../domain/access.ts'
import { botForum, botTopic } from '../../domain/bot-forums.ts'
import { community } from '../../domain/communities.ts'
import {
  type CommunityScope,
  communityScope,
  NOTIFY_SCOPES,
  type NotifyScope,
  overDefault,
  type TopicScope,
  topicScope,
} from '../../domain/notify.ts'
import { toPeer } from '../../domain/peers.ts'
import { topicRow } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** What settings are for: all dialogs of a scope, one dialog by its marked id, a topic of a forum, or a community. */
export type NotifyTarget = NotifyScope | number | TopicScope | CommunityScope

export async function accessTarget(ctx: Ctx, input: tl.InputNotifyPeer): Promise<NotifyTarget> {
  switch (input._) {
    case 'inputNotifyPeer':
      return (await access.peer(ctx, input.peer)).peer
    case 'inputNotifyUsers':
      return 'users'
    case 'inputNotifyChats':
      return 'chats'
    case 'inputNotifyBroadcasts':
      return 'broadcasts'
    case 'inputNotifyForumTopic':
      return accessTopic(ctx, input)
    case 'inputNotifyCommunity':
      return communityScope((await community(ctx, input.community)).id)
  }
}

async function accessTopic(ctx: Ctx, input: tl.inputNotifyForumTopic): Promise<TopicScope> {
  const peer = await access.peer(ctx, input.peer)
  const bots = await botForum(ctx, peer)
  if (bots) {
    if (!(await botTopic(ctx, bots, input.topMsgId))) throw new RpcError('MSG_ID_INVALID')
    return topicScope(peer.peer, input.topMsgId)
  }
  if (peer.kind !== 'channel') throw new RpcError('PEER_ID_INVALID')
  if (!(await topicRow(ctx, peer.id, input.topMsgId))) throw new RpcError('MSG_ID_INVALID')
  return topicScope(peer.peer, input.topMsgId)
}

const SCOPES: Record<NotifyScope, tl.NotifyPeer> = {
  users: { _: 'notifyUsers' },
  chats: { _: 'notifyChats' },
  broadcasts: { _: 'notifyBroadcasts' },
}

/** A row's `scope` as what it is for. */
export function targetOf(scope: string): NotifyTarget {
  if (scope.includes('/')) return scope as TopicScope
  if (scope.startsWith('community:')) return scope as CommunityScope
  return (NOTIFY_SCOPES as readonly string[]).includes(scope) ? (scope as NotifyScope) : Number(scope)
}

export const isScope = (target: NotifyTarget): target is NotifyScope =>
  (NOTIFY_SCOPES as readonly unknown[]).includes(target)

const isCommunity = (target: NotifyTarget): target is CommunityScope =>
  typeof target === 'string' && target.startsWith('community:')

/** https://core.telegram.org/constructor/updateNotifySettings */
export function viewSettings(target: NotifyTarget, settings: tl.peerNotifySettings): tl.updateNotifySettings {
  if (isScope(target)) {
    return { _: 'updateNotifySettings', peer: SCOPES[target], notifySettings: overDefault(settings) }
  }
  if (isCommunity(target)) {
    const peer: tl.NotifyPeer = { _: 'notifyCommunity', communityId: Number(target.slice(target.indexOf(':') + 1)) }
    return { _: 'updateNotifySettings', peer, notifySettings: settings }
  }
  if (typeof target === 'string') {
    const [peer, topMsgId] = target.split('/').map(Number) as [number, number]
    const topic: tl.NotifyPeer = { _: 'notifyForumTopic', peer: toPeer(peer), topMsgId }
    return { _: 'updateNotifySettings', peer: topic, notifySettings: settings }
  }
  return { _: 'updateNotifySettings', peer: { _: 'notifyPeer', peer: toPeer(target) }, notifySettings: settings }
}
