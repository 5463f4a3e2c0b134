import { lockUser } from '../../domain/user-rows.ts'
import { putUsername, usernameRows } from '../../domain/usernames.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Usernames one account can have switched on. */
const ACTIVE = 10

/**
 * Gives the caller this username in place of the one they chose before; '' for none. USERNAME_OCCUPIED,
 * USERNAME_NOT_MODIFIED.
 * https://core.telegram.org/method/account.updateUsername
 */
export async function renameOwn(tx: Tx, shown: string): Promise<void> {
  await lockUser(tx, tx.userId)
  const owner = tx.userId
  await putUsername(tx, owner, await usernameRows(tx, owner), shown)
  await tx.trx
    .updateTable('user')
    .set({ username: shown || null })
    .where('id', '=', owner)
    .execute()
}

/** Switches one of the caller's usernames on or off. https://core.telegram.org/method/account.toggleUsername */
export async function toggleOwn(tx: Tx, username: string, active: boolean): Promise<void> {
  await lockUser(tx, tx.userId)
  const rows = await usernameRows(tx, tx.userId)
  const row = rows.find((one) => one.name === username.toLowerCase())
  if (!row) throw new RpcError('USERNAME_INVALID')
  if ((row.active === 1) === active) throw new RpcError('USERNAME_NOT_MODIFIED')
  const on = rows.filter((one) => one.active === 1)
  if (active && on.length >= ACTIVE) throw new RpcError('USERNAMES_ACTIVE_TOO_MUCH')
  const position = active ? Math.max(-1, ...on.map((one) => one.position)) + 1 : row.position
  await tx.trx
    .updateTable('username')
    .set({ active: active ? 1 : 0, position })
    .where('name', '=', row.name)
    .execute()
}

/**
 * Puts the caller's active usernames into an order, which has to name each of them once: ORDER_INVALID otherwise.
 * https://core.telegram.org/method/account.reorderUsernames
 */
export async function reorderOwn(tx: Tx, order: readonly string[]): Promise<void> {
  await lockUser(tx, tx.userId)
  const on = (await usernameRows(tx, tx.userId)).filter((row) => row.active === 1).map((row) => row.name)
  const wanted = order.map((name) => name.toLowerCase())
  if (wanted.length !== on.length || new Set(wanted).size !== on.length || !on.every((name) => wanted.includes(name))) {
    throw new RpcError('ORDER_INVALID')
  }
  if (wanted.every((name, i) => name === on[i])) throw new RpcError('USERNAME_NOT_MODIFIED')
  for (const [position, name] of wanted.entries()) {
    await tx.trx.updateTable('username').set({ position }).where('name', '=', name).execute()
  }
}
