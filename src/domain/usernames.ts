import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'

export type UsernameRow = Selectable<Tables['username']>

const ofOwner = query<{ owner: number }>({ table: 'username' })((db, p) =>
  db
    .selectFrom('username')
    .selectAll()
    .where('owner', '=', p.owner)
    .orderBy('active', 'desc')
    .orderBy('position')
    .orderBy('name'),
)
const ofOwners = query<{ owners: readonly number[] }>({ table: 'username' })((db, p, d) =>
  db
    .selectFrom('username')
    .selectAll()
    .where('owner', 'in', d.each(p.owners) as never)
    .orderBy('active', 'desc')
    .orderBy('position')
    .orderBy('name'),
)
const byName = query<{ name: string }>()((db, p) => db.selectFrom('username').selectAll().where('name', '=', p.name))

/** Every username of an account or channel (marked id): the active ones first, in their order. */
export async function usernameRows(ctx: Ctx, owner: number): Promise<UsernameRow[]> {
  return ctx.run(ofOwner, { owner })
}

/** The usernames of several accounts, each one's in its order; those without any are missing. */
export async function usernamesOf(ctx: Ctx, owners: readonly number[]): Promise<Map<number, UsernameRow[]>> {
  const all = new Map<number, UsernameRow[]>()
  for (const row of await ctx.run(ofOwners, { owners })) {
    const own = all.get(row.owner)
    if (own) own.push(row)
    else all.set(row.owner, [row])
  }
  return all
}

/** Who has a username, however it is written. */
export async function usernameRow(ctx: Ctx, name: string): Promise<UsernameRow | undefined> {
  const [row] = await ctx.run(byName, { name: name.toLowerCase() })
  return row
}

/** https://core.telegram.org/constructor/username */
export function viewUsername(row: UsernameRow): tl.Username {
  return {
    _: 'username',
    username: row.shown,
    active: row.active === 1 || undefined,
    editable: row.editable === 1 || undefined,
  }
}

/** The active usernames of an account, as updateUserName carries them. */
export async function activeUsernames(ctx: Ctx, owner: number): Promise<tl.Username[]> {
  return (await usernameRows(ctx, owner)).filter((row) => row.active === 1).map(viewUsername)
}

/** A username as people may write it themselves: 5 to 32 Latin letters, digits and single underscores. */
const PATTERN = /^[a-z](?:_?[a-z0-9])*$/i

/** Names of the server's own accounts, which may not have been made yet. */
const RESERVED = new Set(['replies'])

/** Whether a username is well formed, and one that people may have. https://core.telegram.org/method/account.checkUsername */
export function validUsername(name: string): boolean {
  return name.length >= 5 && name.length <= 32 && PATTERN.test(name) && !RESERVED.has(name.toLowerCase())
}

/**
 * Puts a name in place of the one that its owner may change, where that stood among the others; '' takes it away. The key
 * of the table decides between two who want the same: USERNAME_OCCUPIED. USERNAME_NOT_MODIFIED when it is theirs, written
 * the same. `rows` are the owner's, who is locked. https://core.telegram.org/method/account.updateUsername
 */
export async function putUsername(tx: Tx, owner: number, rows: readonly UsernameRow[], shown: string): Promise<void> {
  const before = rows.find((row) => row.editable === 1)
  if ((before?.shown ?? '') === shown) throw new RpcError('USERNAME_NOT_MODIFIED')
  const name = shown.toLowerCase()
  if (before?.name === name) {
    await tx.trx.updateTable('username').set({ shown }).where('name', '=', name).execute()
    return
  }
  if (name !== '') {
    const position = before?.position ?? Math.max(-1, ...rows.map((row) => row.position)) + 1
    const taken = await tx.trx
      .insertInto('username')
      .values({ name, owner, shown, active: 1, editable: 1, position })
      .onConflict((c) => c.column('name').doNothing())
      .returning('name')
      .executeTakeFirst()
    if (!taken) throw new RpcError('USERNAME_OCCUPIED')
  }
  if (before) await tx.trx.deleteFrom('username').where('name', '=', before.name).execute()
}
