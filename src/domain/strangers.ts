import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { moveToFolders } from './archive.ts'
import { FOLDER } from './dialogs.ts'
import { dialogRow } from './message-rows.ts'
import { atRest } from './message-view.ts'
import { toPeer } from './peers.ts'
import type { UserRow } from './user-rows.ts'
import { contactRow, globalPrivacy } from './users.ts'

const FOREVER = 0x7fffffff

/**
 * Whether what somebody is about to write to an account begins a chat that belongs into its archive, muted: the account
 * wants that of those who are no contacts of it.
 * https://core.telegram.org/constructor/globalPrivacySettings
 */
export async function archivesStranger(tx: Tx, to: UserRow, from: number): Promise<boolean> {
  if (!globalPrivacy(to)?.archiveAndMuteNewNoncontactPeers) return false
  if (await dialogRow(tx, to.id, from)) return false
  return (await contactRow(tx, to.id, from)) === undefined
}

/** Puts a chat that a stranger has just begun into the archive and mutes it. */
export async function archiveStranger(tx: Tx, owner: number, from: number): Promise<void> {
  const settings: tl.peerNotifySettings = { _: 'peerNotifySettings', muteUntil: FOREVER }
  await tx.trx
    .insertInto('notify_setting')
    .values({ owner, scope: String(from), tl: atRest(settings), mute_until: FOREVER })
    .onConflict((c) => c.columns(['owner', 'scope']).doNothing())
    .execute()
  const peer: tl.NotifyPeer = { _: 'notifyPeer', peer: toPeer(from) }
  await tx.publish(owner, { kind: 'update', update: { _: 'updateNotifySettings', peer, notifySettings: settings } })
  await moveToFolders(tx, owner, new Map([[from, FOLDER.archive]]))
}
