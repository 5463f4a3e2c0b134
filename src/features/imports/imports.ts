import type { Selectable } from 'kysely'
import { access, type PeerRef } from '../../domain/access.ts'
import { hasRight, isIn } from '../../domain/channel-rights.ts'
import { isAdmin, isPresent } from '../../domain/chat-rights.ts'
import { rowId } from '../../domain/files.ts'
import { areMutual } from '../../domain/users.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

export type ImportRow = Selectable<Tables['history_import']>

/** The job that imports, or drops what nobody has started. */
export const RUN = 'imports.run'
export const jobOf = (row: Pick<ImportRow, 'owner' | 'id'>) => ({ id: `${RUN}:${row.id}`, kind: RUN, owner: row.owner })
/** What is begun and not started is dropped after so many seconds. */
export const KEPT = 86_400
/** Messages that come into a chat at a time. */
export const BATCH = 200

/**
 * A chat that a history may be imported into: with somebody who is a mutual contact, a basic group that the caller
 * administers, a supergroup whose info they may change. PEER_ID_INVALID, USER_NOT_MUTUAL_CONTACT, CHAT_ADMIN_REQUIRED.
 * https://core.telegram.org/api/import#2-choosing-a-destination-telegram-chat
 */
export async function importTarget(ctx: Ctx, input: tl.InputPeer): Promise<PeerRef> {
  const peer = await access.peer(ctx, input)
  await mustImportInto(ctx, peer)
  return peer
}

export async function mustImportInto(ctx: Ctx, peer: PeerRef): Promise<void> {
  if (peer.kind === 'user') {
    if (peer.self || peer.row.bot || peer.row.deleted) throw new RpcError('PEER_ID_INVALID')
    if (!(await areMutual(ctx, peer.id))) throw new RpcError('USER_NOT_MUTUAL_CONTACT')
  } else if (peer.kind === 'chat') {
    if (!isPresent(peer) || !isAdmin(peer)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  } else {
    if (peer.row.megagroup === 0) throw new RpcError('PEER_ID_INVALID')
    if (!isIn(peer.member) || !hasRight(peer, 'changeInfo')) throw new RpcError('CHAT_ADMIN_REQUIRED')
  }
}

/** An import of the caller's into this chat that has not been started; IMPORT_ID_INVALID. */
export async function openImport(ctx: Ctx, peer: PeerRef, id: bigint): Promise<ImportRow> {
  const row = await ctx.db
    .selectFrom('history_import')
    .selectAll()
    .where('owner', '=', ctx.userId)
    .where('id', '=', rowId(id))
    .where('peer', '=', peer.peer)
    .where('started', '=', 0)
    .executeTakeFirst()
  if (!row) throw new RpcError('IMPORT_ID_INVALID')
  return row
}

/** Forgets an import and its files' names; what has been imported stays. */
export async function dropImport(tx: Tx, row: Pick<ImportRow, 'owner' | 'id'>): Promise<void> {
  await tx.trx.deleteFrom('history_import').where('owner', '=', row.owner).where('id', '=', row.id).execute()
  await tx.trx.deleteFrom('history_import_media').where('import_id', '=', row.id).execute()
}
