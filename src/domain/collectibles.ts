import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import type { Tables } from '../storage/index.ts'
import { tellName } from './acquaintances.ts'
import { tellAll } from './channel-members.ts'
import { bareId } from './peers.ts'
import { lockUser, userByPhone } from './user-rows.ts'
import { usernameRow, usernameRows } from './usernames.ts'

export type CollectibleRow = Selectable<Tables['collectible']>

/** A username that nobody could choose: they may be shorter by one. https://core.telegram.org/api/fragment */
export const COLLECTIBLE_NAME = /^[a-z](?:_?[a-z0-9]){3,31}$/i

/** The record of a username or number that is in use; undefined where it is nobody's, or not a collectible. */
export async function collectibleRow(
  ctx: Ctx,
  kind: 'username' | 'phone',
  name: string,
): Promise<CollectibleRow | undefined> {
  const held = kind === 'username' ? await usernameRow(ctx, name) : await userByPhone(ctx, name)
  if (!held) return undefined
  return ctx.db
    .selectFrom('collectible')
    .selectAll()
    .where('kind', '=', kind)
    .where('name', '=', name.toLowerCase())
    .executeTakeFirst()
}

/** Keeps what is known of a collectible's purchase, in place of what was known before. */
export async function putCollectible(tx: Tx, { kind, name, ...row }: CollectibleRow): Promise<void> {
  await tx.trx
    .insertInto('collectible')
    .values({ kind, name, ...row })
    .onConflict((c) => c.columns(['kind', 'name']).doUpdateSet(row))
    .execute()
}

/**
 * Gives a username to an account or channel (marked id) that can be switched on and ordered, and not edited. It is off
 * at first, as its owner decides.
 * @returns false when it is somebody's already
 */
export async function grantUsername(tx: Tx, shown: string, owner: number): Promise<boolean> {
  if (owner > 0) await lockUser(tx, owner)
  const rows = await usernameRows(tx, owner)
  const position = Math.max(-1, ...rows.map((row) => row.position)) + 1
  const taken = await tx.trx
    .insertInto('username')
    .values({ name: shown.toLowerCase(), owner, shown, active: 0, editable: 0, position })
    .onConflict((c) => c.column('name').doNothing())
    .returning('name')
    .executeTakeFirst()
  if (!taken) return false
  await tell(tx, owner)
  return true
}

/**
 * Takes a username back that was granted, with its record.
 * @returns its owner; undefined when it is no such username
 */
export async function revokeUsername(tx: Tx, name: string): Promise<number | undefined> {
  const gone = await tx.trx
    .deleteFrom('username')
    .where('name', '=', name.toLowerCase())
    .where('editable', '=', 0)
    .returning('owner')
    .executeTakeFirst()
  if (!gone) return undefined
  await tx.trx.deleteFrom('collectible').where('kind', '=', 'username').where('name', '=', name.toLowerCase()).execute()
  await tell(tx, gone.owner)
  return gone.owner
}

async function tell(tx: Tx, owner: number): Promise<void> {
  if (owner > 0) await tellName(tx, owner)
  else await tellAll(tx, bareId(owner))
}
