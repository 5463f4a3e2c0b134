import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import type { Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { namedPeer } from './access.ts'
import { accessHash } from './hashes.ts'

export type FilterRow = Selectable<Tables['dialog_filter']>
/** A folder that chats are put into: by hand or by kind, or one that is shared by links. */
export type Filter = tl.dialogFilter | tl.dialogFilterChatlist

/** The list of all chats among the folders. https://core.telegram.org/constructor/dialogFilterDefault */
export const ALL_CHATS = 0

/** An account's folders in its order, the list of all chats among them only once it was put somewhere. */
export function filterRows(ctx: Ctx, owner: number): Promise<FilterRow[]> {
  return ctx.db
    .selectFrom('dialog_filter')
    .selectAll()
    .where('owner', '=', owner)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/** A folder as its owner sees it: peers with their access hashes. */
export function viewFilter(ctx: Ctx, row: Pick<FilterRow, 'tl'>): tl.DialogFilter {
  const filter = readObject(row.tl) as tl.DialogFilter
  if (filter._ === 'dialogFilterDefault') return filter
  for (const peer of peersIn(filter)) {
    if (peer._ === 'inputPeerUser') peer.accessHash = accessHash(ctx, 'user', peer.userId)
    else if (peer._ === 'inputPeerChannel') peer.accessHash = accessHash(ctx, 'channel', peer.channelId)
  }
  return filter
}

/** What was put into a folder by hand, or kept out of it. */
function peersIn(filter: Filter): tl.InputPeer[] {
  const excluded = filter._ === 'dialogFilter' ? filter.excludePeers : []
  return [...filter.pinnedPeers, ...filter.includePeers, ...excluded]
}

/** Whether a dialog was put into one of the owner's folders by hand. */
export async function isInFolder(ctx: Ctx, owner: number, peer: number): Promise<boolean> {
  for (const row of await filterRows(ctx, owner)) {
    const filter = readObject(row.tl) as tl.DialogFilter
    if (filter._ === 'dialogFilterDefault') continue
    if ([...filter.pinnedPeers, ...filter.includePeers].some((p) => namedPeer(ctx, p) === peer)) return true
  }
  return false
}
