import { isPublic } from '../../domain/access.ts'
import { tellAll } from '../../domain/channel-members.ts'
import { changed, locked, mustBeTalk } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleJoinRequest',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeTalk(channel)
      mustInChannel(tx, channel, 'banUsers')
      // What was asked for while the group was public can be taken back after.
      if (req.enabled && !(await isPublic(tx, channel.row))) throw new RpcError('CHAT_PUBLIC_REQUIRED')
      // @TODO bots that ask who wants to join: end with the mini apps' folder.
      if (req.guardBot && req.guardBot._ !== 'inputUserEmpty') throw new RpcError('NOT_IMPLEMENTED')
      if (!req.applyToInvites) return changed(tx, [await toggle(tx, channel, 'join_request', req.enabled)])
      const links = await setOfAll(tx, channel.peer, req.enabled)
      const same = (channel.row.join_request === 1) === req.enabled
      if (same && !links) throw new RpcError('CHAT_NOT_MODIFIED')
      return changed(tx, [
        same ? await tellAll(tx, channel.id) : await toggle(tx, channel, 'join_request', req.enabled),
      ])
    }),
  { flood: 'write' },
)

/** Whether those who come by any of the links there are have to ask. How many may come by them is no matter then. */
async function setOfAll(tx: Tx, peer: number, ask: boolean): Promise<boolean> {
  const links = await tx.trx
    .updateTable('chat_invite')
    .set(ask ? { request_needed: 1, usage_limit: 0 } : { request_needed: 0 })
    .where('peer', '=', peer)
    .where('revoked', '=', 0)
    .where('request_needed', '=', ask ? 0 : 1)
    .returning('hash')
    .execute()
  return links.length > 0
}
