import type { UserRef } from '../../domain/access.ts'
import { permissions } from '../../domain/privacy.ts'
import {
  SECRET_STATE,
  type SecretChatRow,
  type SecretRef,
  secretChatRow,
  tellOfSecretChat,
} from '../../domain/secret-chats.ts'
import { type SecretFile, useSecretFile } from '../../domain/secret-files.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { nextQts } from '../../updates/secret-queue.ts'

/** How long a client may repeat a call that sends, in seconds. */
const REPEAT = 86_400
const DRAWS = 8

/** Asks an account for a secret chat; asked again with the same number, it is the same chat. */
export async function requestChat(tx: Tx, user: UserRef, randomId: number, gA: Uint8Array): Promise<SecretChatRow> {
  const auth = tx.session!.auth.id
  const before = await tx.trx
    .selectFrom('secret_chat')
    .selectAll()
    .where('admin_auth', '=', auth)
    .where('random_id', '=', randomId)
    .executeTakeFirst()
  if (before) return before
  for (let draw = 0; draw < DRAWS; draw++) {
    const row = await tx.trx
      .insertInto('secret_chat')
      .values({
        // The client's number is the chat's, unless some other chat has it.
        id: draw === 0 && randomId !== 0 ? randomId : tx.app.random(4).readUInt32LE() & 0x7fffffff || 1,
        admin_id: tx.userId,
        admin_auth: auth,
        participant_id: user.id,
        participant_auth: null,
        state: SECRET_STATE.requested,
        random_id: randomId,
        g_a: gA,
        g_b: null,
        fingerprint: '0',
        date: tx.now,
        history_deleted: 0,
        admin_read: 0,
        participant_read: 0,
      })
      .onConflict((c) => c.column('id').doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) continue
    await tellOfSecretChat(tx, row)
    return row
  }
  throw new Error('no free number for a secret chat')
}

/** Binds a chat that was asked for to the calling device. The first one to accept has it. */
export async function acceptChat(
  tx: Tx,
  chat: SecretChatRow,
  gB: Uint8Array,
  fingerprint: bigint,
): Promise<SecretChatRow> {
  const row = await tx.trx
    .updateTable('secret_chat')
    .set({
      state: SECRET_STATE.accepted,
      participant_auth: tx.session!.auth.id,
      g_b: gB,
      fingerprint: String(fingerprint),
      date: tx.now,
    })
    .where('id', '=', chat.id)
    .where('state', '=', SECRET_STATE.requested)
    .returningAll()
    .executeTakeFirst()
  if (!row) {
    const now = await secretChatRow(tx, chat.id)
    const over = now?.state === SECRET_STATE.discarded
    throw new RpcError(over ? 'ENCRYPTION_ALREADY_DECLINED' : 'ENCRYPTION_ALREADY_ACCEPTED')
  }
  await tellOfSecretChat(tx, row)
  return row
}

export interface Sealed {
  randomId: bigint
  bytes: Uint8Array
  service: boolean
  file?: SecretFile
}

/** Puts a message into the other device's queue; sent again with the same number, it is there once. */
export async function sendSealed(
  tx: Tx,
  chat: SecretRef,
  sealed: Sealed,
): Promise<{ date: number; fileId: number; again: boolean }> {
  const { user, auth } = chat.other as { user: number; auth: string }
  if ((await permissions(tx, [user])).blocks(user)) throw new RpcError('USER_IS_BLOCKED')
  const owner = tx.userId
  const key = { chat_id: chat.row.id, random_id: String(sealed.randomId) }
  const sent = { date: tx.now, file_id: sealed.file?.row.id ?? 0 }
  await tx.trx
    .deleteFrom('secret_sent')
    .where('owner', '=', owner)
    .where('chat_id', '=', key.chat_id)
    .where('date', '<', tx.now - REPEAT)
    .execute()
  const first = await tx.trx
    .insertInto('secret_sent')
    .values({ owner, ...key, ...sent })
    .onConflict((c) => c.columns(['owner', 'chat_id', 'random_id']).doNothing())
    .returning('owner')
    .executeTakeFirst()
  if (!first) return { ...(await sentBefore(tx, owner, key)), again: true }
  if (sealed.file) await useSecretFile(tx, sealed.file, chat.row.id)
  const qts = await nextQts(tx, user, auth)
  await tx.trx
    .insertInto('secret_message')
    .values({ owner: user, auth, qts, ...key, ...sent, service: sealed.service ? 1 : 0, bytes: sealed.bytes })
    .execute()
  await tx.publish(user, { kind: 'secretMessage', ref: qts, auth })
  return { date: sent.date, fileId: sent.file_id, again: false }
}

async function sentBefore(tx: Tx, owner: number, key: { chat_id: number; random_id: string }) {
  const row = await tx.trx
    .selectFrom('secret_sent')
    .select(['date', 'file_id'])
    .where('owner', '=', owner)
    .where('chat_id', '=', key.chat_id)
    .where('random_id', '=', key.random_id)
    .executeTakeFirstOrThrow()
  return { date: row.date, fileId: row.file_id }
}

/** Notes how far the calling side has read, and tells the other device when that is further than before. */
export async function readChat(tx: Tx, chat: SecretRef, maxDate: number): Promise<void> {
  const column = chat.asked ? 'admin_read' : 'participant_read'
  const further = await tx.trx
    .updateTable('secret_chat')
    .set({ [column]: maxDate })
    .where('id', '=', chat.row.id)
    .where(column, '<', maxDate)
    .returning('id')
    .executeTakeFirst()
  const { user, auth } = chat.other as { user: number; auth: string }
  if (further) await tx.publish(user, { kind: 'secretRead', ref: chat.row.id, auth, maxDate })
}

/** Forgets the messages that the calling device has; gives their random ids. */
export async function confirmQueue(tx: Tx, maxQts: number): Promise<bigint[]> {
  const rows = await tx.trx
    .deleteFrom('secret_message')
    .where('owner', '=', tx.userId)
    .where('auth', '=', tx.session!.auth.id)
    .where('qts', '<=', maxQts)
    .returning(['qts', 'random_id'])
    .execute()
  return rows.sort((a, b) => a.qts - b.qts).map((row) => BigInt(row.random_id))
}
