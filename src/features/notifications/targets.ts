import { access } from '../../domain/access.ts'
import { NOTIFY_SCOPES, type NotifyScope, overDefault } from '../../domain/notify.ts'
import { toPeer } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** What settings are for: all dialogs of a scope, or one dialog by its marked id. */
export type NotifyTarget = NotifyScope | number

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
      // @TODO topics of forums: ends with their folder. Access refuses what can have topics.
      await access.peer(ctx, input.peer)
      throw new RpcError('PEER_ID_INVALID')
    case 'inputNotifyCommunity':
      // @TODO communities: ends with their own folder.
      throw new RpcError('NOT_IMPLEMENTED')
  }
}

const SCOPES: Record<NotifyScope, tl.NotifyPeer> = {
  users: { _: 'notifyUsers' },
  chats: { _: 'notifyChats' },
  broadcasts: { _: 'notifyBroadcasts' },
}

/** A row's `scope` as what it is for. */
export function targetOf(scope: string): NotifyTarget {
  return (NOTIFY_SCOPES as readonly string[]).includes(scope) ? (scope as NotifyScope) : Number(scope)
}

/** https://core.telegram.org/constructor/updateNotifySettings */
export function viewSettings(target: NotifyTarget, settings: tl.peerNotifySettings): tl.updateNotifySettings {
  if (typeof target !== 'number') {
    return { _: 'updateNotifySettings', peer: SCOPES[target], notifySettings: overDefault(settings) }
  }
  return { _: 'updateNotifySettings', peer: { _: 'notifyPeer', peer: toPeer(target) }, notifySettings: settings }
}
