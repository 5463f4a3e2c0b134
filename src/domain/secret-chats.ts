import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { FactKind } from '../updates/facts.ts'
import { AUTHORIZATION } from './authorizations.ts'
import { accessHash } from './hashes.ts'
import { dropFiles, viewSecretFiles } from './secret-files.ts'

export type SecretChatRow = Selectable<Tables['secret_chat']>
type SecretMessageRow = Selectable<Tables['secret_message']>

export const SECRET_STATE = { requested: 0, accepted: 1, discarded: 2 } as const

declare module '../updates/facts.ts' {
  interface Facts {
    /** A secret chat was asked for, accepted or discarded; each device is told what it may know of it. */
    secretChat: { ref: number }
    /** The other side of a secret chat has read, for one device. */
    secretRead: { ref: number; auth: string; maxDate: number }
  }
}

const chatOf = query<{ id: number }>()((db, p) => db.selectFrom('secret_chat').selectAll().where('id', '=', p.id))
const flagsOf = query<{ id: string }>()((db, p) => db.selectFrom('auth_key').select('flags').where('id', '=', p.id))
const messagesOf = query<{ owner: number; auth: string; qts: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('secret_message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('auth', '=', p.auth)
    .where('qts', 'in', d.each(p.qts) as never),
)

export async function secretChatRow(ctx: Ctx, id: number): Promise<SecretChatRow | undefined> {
  const [row] = await ctx.run(chatOf, { id })
  return row
}

/** One of the two devices of a chat. */
export interface Side {
  readonly user: number
  /** Null while nobody has accepted. */
  readonly auth: string | null
}

/** A secret chat as one of its two devices sees it. Made by `secretChat` alone, which checks that it is. */
export interface SecretRef {
  readonly row: SecretChatRow
  readonly asked: boolean
  readonly other: Side
}

/** The calling device's place in a chat; undefined when it has none, or none yet. */
export function sideOf(ctx: Ctx, row: SecretChatRow): 'admin' | 'participant' | undefined {
  const auth = ctx.session?.auth.id
  if (row.admin_id === ctx.viewer && row.admin_auth === auth) return 'admin'
  if (row.participant_id === ctx.viewer && row.participant_auth === auth) return 'participant'
  return undefined
}

/**
 * A chat between the calling device and another that has been accepted: CHAT_ID_INVALID for any other,
 * ENCRYPTION_DECLINED for one that is over. https://core.telegram.org/constructor/inputEncryptedChat
 */
export async function secretChat(
  ctx: Ctx,
  peer: tl.InputEncryptedChat,
  over: 'ENCRYPTION_DECLINED' | 'CHAT_ID_INVALID' = 'CHAT_ID_INVALID',
): Promise<SecretRef> {
  const row = await namedSecretChat(ctx, peer)
  const side = sideOf(ctx, row)
  if (!side) throw new RpcError('CHAT_ID_INVALID')
  if (row.state === SECRET_STATE.discarded) throw new RpcError(over)
  if (row.state !== SECRET_STATE.accepted) throw new RpcError('CHAT_ID_INVALID')
  const asked = side === 'admin'
  return {
    row,
    asked,
    other: asked
      ? { user: row.participant_id, auth: row.participant_auth }
      : { user: row.admin_id, auth: row.admin_auth },
  }
}

/** A chat of the calling account, whichever of its devices it is on; CHAT_ID_INVALID for any other. */
export async function namedSecretChat(ctx: Ctx, peer: tl.InputEncryptedChat): Promise<SecretChatRow> {
  const row = await secretChatRow(ctx, peer.chatId)
  const known = row && (row.admin_id === ctx.userId || row.participant_id === ctx.userId)
  if (!known || peer.accessHash !== accessHash(ctx, 'secret', row.id)) throw new RpcError('CHAT_ID_INVALID')
  return row
}

/**
 * What the calling device may know of a chat: all devices of whoever is asked are, until one accepts; for the others
 * the chat is over then. https://core.telegram.org/api/end-to-end#sending-a-request
 */
export async function viewSecretChat(ctx: Ctx, row: SecretChatRow): Promise<tl.EncryptedChat | undefined> {
  const side = sideOf(ctx, row)
  const asked = row.participant_id === ctx.viewer && side !== 'admin'
  const { id, date, admin_id: adminId, participant_id: participantId } = row
  const common = { id, accessHash: accessHash(ctx, 'secret', id), date, adminId, participantId }
  if (row.state === SECRET_STATE.discarded) {
    if (!side && !(asked && row.participant_auth === null)) return undefined
    return { _: 'encryptedChatDiscarded', historyDeleted: row.history_deleted === 1 || undefined, id }
  }
  if (row.state === SECRET_STATE.requested) {
    if (side === 'admin') return { _: 'encryptedChatWaiting', ...common }
    if (!asked || !(await takesRequests(ctx))) return undefined
    return { _: 'encryptedChatRequested', ...common, gA: row.g_a }
  }
  const keyFingerprint = BigInt(row.fingerprint)
  if (side === 'admin') return { _: 'encryptedChat', ...common, gAOrB: row.g_b!, keyFingerprint }
  if (side === 'participant') return { _: 'encryptedChat', ...common, gAOrB: row.g_a, keyFingerprint }
  return asked ? { _: 'encryptedChatDiscarded', id } : undefined
}

/** Whether the calling device takes requests. https://core.telegram.org/method/account.changeAuthorizationSettings */
async function takesRequests(ctx: Ctx): Promise<boolean> {
  const auth = ctx.session?.auth
  if (!auth) return false
  const [row] = await ctx.run(flagsOf, { id: auth.id })
  return row !== undefined && (row.flags & AUTHORIZATION.noSecretChats) === 0
}

/** Tells both accounts' devices how a chat stands now. */
export async function tellOfSecretChat(tx: Tx, row: SecretChatRow): Promise<void> {
  const owners = [row.admin_id, row.participant_id]
  await tx.publishAll(owners.map((owner) => [owner, { kind: 'secretChat', ref: row.id }]))
}

/** Ends a chat, once; undefined when it was over already. With its history go the files and what was not fetched yet. */
export async function discardSecretChat(
  tx: Tx,
  id: number,
  deleteHistory: boolean,
): Promise<SecretChatRow | undefined> {
  const row = await tx.trx
    .updateTable('secret_chat')
    .set({ state: SECRET_STATE.discarded, history_deleted: deleteHistory ? 1 : 0 })
    .where('id', '=', id)
    .where('state', '!=', SECRET_STATE.discarded)
    .returningAll()
    .executeTakeFirst()
  if (!row) return undefined
  for (const owner of [row.admin_id, row.participant_id]) {
    await tx.trx.deleteFrom('secret_sent').where('owner', '=', owner).where('chat_id', '=', id).execute()
    if (!deleteHistory) continue
    await tx.trx.deleteFrom('secret_message').where('owner', '=', owner).where('chat_id', '=', id).execute()
  }
  if (deleteHistory) await dropFiles(tx, id)
  await tellOfSecretChat(tx, row)
  return row
}

/** Ends the chats of devices that are signed out: nobody else has their keys. */
export async function endSecretChats(tx: Tx, auths: readonly string[]): Promise<void> {
  for (const auth of auths) {
    const rows = await tx.trx
      .selectFrom('secret_chat')
      .select('id')
      .where((eb) => eb.or([eb('admin_auth', '=', auth), eb('participant_auth', '=', auth)]))
      .where('state', '!=', SECRET_STATE.discarded)
      .orderBy('id')
      .execute()
    for (const { id } of rows) await discardSecretChat(tx, id, false)
    const owner = await tx.trx.selectFrom('auth_key').select('user_id').where('id', '=', auth).executeTakeFirst()
    if (!owner?.user_id) continue
    for (const table of ['secret_message', 'secret_queue'] as const) {
      await tx.trx.deleteFrom(table).where('owner', '=', owner.user_id).where('auth', '=', auth).execute()
    }
  }
}

/** How chats look when they are told of: as they stand then. https://core.telegram.org/constructor/updateEncryption */
const secretChatKind: FactKind<'secretChat'> = {
  pts: () => 0,
  async render(viewer, facts) {
    const last = new Map(facts.map((logged, i) => [logged.fact.ref, i]))
    return Promise.all(
      facts.map(async ({ fact, date }, i) => {
        if (last.get(fact.ref) !== i) return undefined
        const row = await secretChatRow(viewer, fact.ref)
        const chat = row && (await viewSecretChat(viewer, row))
        return chat && { _: 'updateEncryption' as const, chat, date }
      }),
    )
  },
}

/** https://core.telegram.org/constructor/updateEncryptedMessagesRead */
const secretReadKind: FactKind<'secretRead'> = {
  pts: () => 0,
  render: async (viewer, facts) =>
    facts.map(({ fact, date }) =>
      fact.auth === viewer.session?.auth.id
        ? { _: 'updateEncryptedMessagesRead' as const, chatId: fact.ref, maxDate: fact.maxDate, date }
        : undefined,
    ),
}

/** Messages that the device has confirmed are gone. https://core.telegram.org/constructor/updateNewEncryptedMessage */
const secretMessageKind: FactKind<'secretMessage'> = {
  pts: () => 0,
  async render(viewer, facts) {
    const auth = viewer.session?.auth.id
    const qts = facts.filter((l) => l.fact.auth === auth).map((l) => l.fact.ref)
    if (auth === undefined || qts.length === 0) return facts.map(() => undefined)
    const rows = await viewer.run(messagesOf, { owner: viewer.viewer, auth, qts })
    const files = await viewSecretFiles(
      viewer,
      rows.map((r) => r.file_id),
    )
    const byQts = new Map(rows.map((row) => [row.qts, row]))
    return facts.map(({ fact }) => {
      const row = fact.auth === auth ? byQts.get(fact.ref) : undefined
      return row && { _: 'updateNewEncryptedMessage', message: viewSecretMessage(row, files), qts: row.qts }
    })
  },
}

function viewSecretMessage(row: SecretMessageRow, files: Map<number, tl.EncryptedFile>): tl.EncryptedMessage {
  const common = { randomId: BigInt(row.random_id), chatId: row.chat_id, date: row.date, bytes: row.bytes }
  if (row.service === 1) return { _: 'encryptedMessageService', ...common }
  return { _: 'encryptedMessage', ...common, file: files.get(row.file_id) ?? { _: 'encryptedFileEmpty' } }
}

export const secretFacts = {
  secretChat: secretChatKind,
  secretRead: secretReadKind,
  secretMessage: secretMessageKind,
}
