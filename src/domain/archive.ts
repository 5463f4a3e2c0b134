import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type { Published } from '../updates/log.ts'
import { isInFolder } from './dialog-filters.ts'
import { FOLDER } from './dialogs.ts'
import './message-facts.ts'
import { mutedFor } from './notify.ts'
import { userRow } from './user-rows.ts'
import { globalPrivacy } from './users.ts'

/**
 * Moves dialogs of an account between the list and the archive; they lose their place among the pinned ones.
 * @returns what was published, undefined where nothing changed
 * https://core.telegram.org/method/folders.editPeerFolders
 */
export async function moveToFolders(
  tx: Tx,
  owner: number,
  moves: ReadonlyMap<number, number>,
): Promise<{ peers: { peer: number; folder: number }[]; published: Published } | undefined> {
  const peers: { peer: number; folder: number }[] = []
  for (const [peer, folder] of moves) {
    const moved = await tx.trx
      .insertInto('dialog')
      .values({ owner, peer, folder })
      .onConflict((c) =>
        c.columns(['owner', 'peer']).doUpdateSet({ folder, pinned: 0 }).where('dialog.folder', '!=', folder),
      )
      .returning('peer')
      .executeTakeFirst()
    if (moved) peers.push({ peer, folder })
  }
  if (peers.length === 0) return undefined
  return { peers, published: await tx.publish(owner, { kind: 'folderPeers', peers }) }
}

const archivedBy = query<{ owners: readonly number[]; peer: number; folder: number }>()((db, p, d) =>
  db
    .selectFrom('dialog')
    .select('owner')
    .where('owner', 'in', d.each(p.owners) as never)
    .where('peer', '=', p.peer)
    .where('folder', '=', p.folder),
)

/** The same of one, as most messages ask it: a list costs more than all the rest of such a statement. */
const archivedByOne = query<{ owner: number; peer: number; folder: number }>()((db, p) =>
  db
    .selectFrom('dialog')
    .select('owner')
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('folder', '=', p.folder),
)

/** Which of these owners have a dialog in their archive. Asked when their boxes are locked. */
export async function archivedAmong(ctx: Ctx, owners: readonly number[], peer: number): Promise<number[]> {
  const [owner] = owners
  const folder = FOLDER.archive
  const found =
    owners.length === 1
      ? await ctx.run(archivedByOne, { owner: owner!, peer, folder })
      : await ctx.run(archivedBy, { owners, peer, folder })
  return found.map((row) => row.owner)
}

/**
 * Somebody else's message has come into this dialog, which these owners have in their archive: with notifications on
 * they get it back into their list, unless they have set otherwise.
 * https://core.telegram.org/constructor/globalPrivacySettings
 */
export async function unarchive(tx: Tx, archived: readonly number[], peer: number): Promise<void> {
  if (archived.length === 0) return
  const muted = await mutedFor(tx, archived, peer)
  for (const owner of archived) {
    if (muted.has(owner) || (await keepsArchived(tx, owner, peer))) continue
    await moveToFolders(tx, owner, new Map([[peer, FOLDER.main]]))
  }
}

async function keepsArchived(ctx: Ctx, owner: number, peer: number): Promise<boolean> {
  const row = await userRow(ctx, owner)
  const settings = row && globalPrivacy(row)
  if (settings?.keepArchivedUnmuted) return true
  return settings?.keepArchivedFolders === true && (await isInFolder(ctx, owner, peer))
}
