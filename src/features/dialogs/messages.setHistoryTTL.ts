import type * as tl from '../../tl/gen/types.ts'
import { access, ownUser, type PeerRef } from '../../domain/access.ts'
import { bumpVersion, tellMembers } from '../../domain/chat-members.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { toPeer } from '../../domain/peers.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { lockBoxes } from '../../updates/log.ts'

const DAY = 86_400
const LONGEST = 365 * DAY

export default method(
  'messages.setHistoryTTL',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const { period } = req
      if (period < 0 || period > LONGEST || period % DAY !== 0) throw new RpcError('TTL_PERIOD_INVALID')
      const changed = peer.kind === 'chat' ? await setInChat(tx, peer, period) : await setWithUser(tx, peer.id, period)
      if (!changed) throw new RpcError('CHAT_NOT_MODIFIED')
      const ttlPeriod = period || undefined
      if (peer.kind === 'chat') {
        await tellMembers(tx, peer.id, { _: 'updatePeerHistoryTTL', peer: toPeer(peer.peer), ttlPeriod })
      } else {
        const tell = (owner: number, other: number) =>
          tx.publish(owner, { kind: 'update', update: { _: 'updatePeerHistoryTTL', peer: toPeer(other), ttlPeriod } })
        await tell(tx.userId, peer.id)
        if (peer.row.bot === 0) await tell(peer.id, tx.userId)
      }
      // The message that tells of it lives by the new rule already.
      const at = peer.kind === 'chat' ? await access.chat(tx, peer.id) : peer
      const action: tl.MessageAction = { _: 'messageActionSetMessagesTTL', period }
      const sent = await sendMessage(tx, await ownUser(tx, tx.userId), at, { action })
      return sentUpdates(tx, [sent], [{ _: 'updatePeerHistoryTTL', peer: toPeer(peer.peer), ttlPeriod }])
    }),
  { flood: 'write' },
)

async function setInChat(tx: Tx, chat: Extract<PeerRef, { kind: 'chat' }>, ttl: number): Promise<boolean> {
  mustInChat(chat, 'changeInfo')
  const changed = await tx.trx
    .updateTable('chat')
    .set({ ttl })
    .where('id', '=', chat.id)
    .where('ttl', '!=', ttl)
    .returning('id')
    .executeTakeFirst()
  if (changed) await bumpVersion(tx, chat.id)
  return changed !== undefined
}

/** Sets it on both sides of a private chat. */
async function setWithUser(tx: Tx, other: number, ttl: number): Promise<boolean> {
  const self = tx.userId
  if (other === self) throw new RpcError('PEER_ID_INVALID')
  await lockBoxes(tx, [self, other])
  const before = await tx.trx
    .selectFrom('dialog')
    .select('ttl')
    .where('owner', '=', self)
    .where('peer', '=', other)
    .executeTakeFirst()
  if ((before?.ttl ?? 0) === ttl) return false
  for (const [owner, peer] of [[self, other], [other, self]] as const) {
    await tx.trx
      .insertInto('dialog')
      .values({ owner, peer, ttl })
      .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet({ ttl }))
      .execute()
  }
  return true
}
