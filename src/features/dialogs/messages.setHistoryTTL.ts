import { access, ownUser, type PeerRef } from '../../domain/access.ts'
import { setChannelTtl } from '../../domain/channel-settings.ts'
import { bumpVersion, tellMembers } from '../../domain/chat-members.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { setTtlWithUser } from '../../domain/history-ttl.ts'
import { toPeer } from '../../domain/peers.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

const DAY = 86_400
const LONGEST = 365 * DAY

export default method(
  'messages.setHistoryTTL',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const { period } = req
      if (period < 0 || period > LONGEST || period % DAY !== 0) throw new RpcError('TTL_PERIOD_INVALID')
      if (peer.peer === tx.userId) throw new RpcError('PEER_ID_INVALID')
      const update = await setTtl(tx, peer, period)
      if (!update) throw new RpcError('CHAT_NOT_MODIFIED')
      // The message that tells of it lives by the new rule already.
      const at = peer.kind === 'user' ? peer : await access.peer(tx, req.peer)
      const action: tl.MessageAction = { _: 'messageActionSetMessagesTTL', period }
      const sent = await sendMessage(tx, await ownUser(tx, tx.userId), at, { action })
      return sentUpdates(tx, [sent], [update])
    }),
  { flood: 'write' },
)

function setTtl(tx: Tx, peer: PeerRef, ttl: number): Promise<tl.Update | undefined> {
  if (peer.kind === 'channel') return setChannelTtl(tx, peer, ttl)
  return peer.kind === 'chat' ? setInChat(tx, peer, ttl) : setTtlWithUser(tx, tx.userId, peer, ttl)
}

async function setInChat(
  tx: Tx,
  chat: Extract<PeerRef, { kind: 'chat' }>,
  ttl: number,
): Promise<tl.Update | undefined> {
  mustInChat(chat, 'changeInfo')
  const changed = await tx.trx
    .updateTable('chat')
    .set({ ttl })
    .where('id', '=', chat.id)
    .where('ttl', '!=', ttl)
    .returning('id')
    .executeTakeFirst()
  if (!changed) return undefined
  await bumpVersion(tx, chat.id)
  const update: tl.Update = { _: 'updatePeerHistoryTTL', peer: toPeer(chat.peer), ttlPeriod: ttl || undefined }
  await tellMembers(tx, chat.id, update)
  return update
}
