// Signs accounts up by writing their rows while no server runs: those of a crowd would take minutes through the API.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deriveSecrets, openKeys } from '../src/keys.ts'
import { ClientKey } from '../src/mtproto/test-client.ts'
import { keyName, newKeyRow } from '../src/rpc/authorizations.ts'
import { seal } from '../src/storage/seal.ts'
import type { Account, World } from './accounts.ts'
import { LAYER } from './client.ts'
import { ago, CHANNEL_BASE, insert, type Row } from './seed.ts'

/** Ids of these accounts begin above those of bench/seed.ts. */
const FIRST = 20_000_000

/**
 * The world with accounts added until there are so many, each with an authorization key; `joined` puts them all into
 * the world's channel, too.
 */
export async function seedAccounts(dataDir: string, world: World, total: number, joined: boolean): Promise<World> {
  const { seal: secret } = deriveSecrets((await openKeys(dataDir)).secret)
  const db = new DatabaseSync(join(dataDir, 'chappe.db'))
  try {
    db.exec('pragma synchronous = off; begin')
    const added = Array.from({ length: total - world.accounts.length }, (_, i) => addAccount(db, secret, i))
    if (joined) for (const { userId } of added) putIn(db, world.channel!.id, userId)
    if (joined) db.prepare('update channel set members = members + ? where id = ?').run(added.length, world.channel!.id)
    db.exec('commit; pragma wal_checkpoint(truncate)')
    return { ...world, accounts: [...world.accounts, ...added] }
  } finally {
    db.close()
  }
}

function addAccount(db: DatabaseSync, secret: Buffer, i: number): Account {
  const userId = FIRST + i
  const phone = `7${String(i).padStart(10, '0')}`
  const now = ago(0)
  const key = new ClientKey(randomBytes(256))
  const id = keyName(key.id)
  put(db, 'user', { id: userId, phone, first_name: `First${i}`, last_name: 'Last', created_at: now })
  put(db, 'box', { owner: userId, pos: 0, pts: 1, qts: 0, date: now, message_id: 0 })
  put(db, 'auth_key', {
    ...(newKeyRow(id, seal(secret, `auth_key:${id}`, key.key), 0, now) as Row),
    user_id: userId,
    signed_in_at: now,
    layer: LAYER,
    api_id: 1,
  })
  return { phone, userId, key: key.key.toString('hex') }
}

function putIn(db: DatabaseSync, channel: number, user: number): void {
  put(db, 'channel_member', { channel_id: channel, user_id: user, inviter: user, date: ago(0), state: 0 })
  put(db, 'dialog', { owner: user, peer: CHANNEL_BASE - channel, read_inbox: 1 })
}

const statements = new WeakMap<DatabaseSync, Map<string, ReturnType<typeof insert>>>()

function put(db: DatabaseSync, table: string, row: Row): void {
  let made = statements.get(db)
  if (!made) statements.set(db, (made = new Map()))
  let statement = made.get(table)
  if (!statement) made.set(table, (statement = insert(db, table, row)))
  statement.run(row)
}
