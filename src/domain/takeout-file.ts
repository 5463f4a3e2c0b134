import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { newBlobKey } from './files.ts'
import { toPeer } from './peers.ts'
import { eachOf } from './photos.ts'

const ABOUT =
  'What this server keeps of the account and no other part of the export holds: the account itself, its devices, ' +
  'drafts, folders, notification settings, privacy rules and the way its lists are set.'

/** TL as JSON: long numbers as text, bytes as base64. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

const read = (bytes: Uint8Array): tl.TlObject => readObject(bytes)

/** All that has no method of its own by which it leaves the account. */
async function otherData(ctx: Ctx): Promise<object> {
  const { db, userId: owner } = ctx
  const account = await db
    .selectFrom('user')
    .select(['id', 'phone', 'first_name', 'last_name', 'about', 'username', 'premium', 'online_until'])
    .where('id', '=', owner)
    .executeTakeFirstOrThrow()
  const devices = await db
    .selectFrom('auth_key')
    .select(['device_model', 'platform', 'system_version', 'app_version', 'api_id', 'ip', 'created_at', 'active_at'])
    .where('user_id', '=', owner)
    .orderBy('created_at')
    .execute()
  const drafts = await db
    .selectFrom('dialog')
    .select(['peer', 'draft'])
    .where('owner', '=', owner)
    .where('draft', 'is not', null)
    .orderBy('peer')
    .execute()
  const folders = await db.selectFrom('dialog_filter').select('tl').where('owner', '=', owner).orderBy('id').execute()
  const notify = await db.selectFrom('notify_setting').select(['scope', 'tl']).where('owner', '=', owner).execute()
  const privacy = await db.selectFrom('privacy').selectAll().where('owner', '=', owner).execute()
  return {
    about: ABOUT,
    account,
    devices,
    drafts: drafts.map(({ peer, draft }) => ({ peer: toPeer(peer), draft: read(draft!) })),
    folders: folders.map((row) => read(row.tl)),
    notifications: notify.map(({ scope, tl }) => ({ scope, settings: read(tl) })),
    privacy: privacy.map(({ key, rules }) => ({ key, rules: JSON.parse(rules) })),
  }
}

/**
 * The file of an export: made when it is asked for first, the same to the end of the session, so that it can be loaded
 * in parts. TAKEOUT_INVALID outside of a session. https://core.telegram.org/constructor/inputTakeoutFileLocation
 */
export async function takeoutFile(ctx: Ctx): Promise<{ key: string; size: number; date: number }> {
  const { takeout } = ctx
  if (!takeout) throw new RpcError('TAKEOUT_INVALID')
  const { owner, id, date } = takeout
  if (takeout.file_key !== null) return { key: takeout.file_key, size: takeout.file_size, date }
  const key = newBlobKey(ctx)
  const bytes = Buffer.from(JSON.stringify(await otherData(ctx), plain, 1))
  await ctx.app.blobs.put(key, eachOf([bytes]))
  const kept = await ctx.transact(async (tx) => {
    await tx.trx
      .updateTable('takeout')
      .set({ file_key: key, file_size: bytes.length })
      .where('owner', '=', owner)
      .where('id', '=', id)
      .where('finished', '=', 0)
      .where('file_key', 'is', null)
      .execute()
    const row = await tx.trx
      .selectFrom('takeout')
      .select(['file_key', 'file_size'])
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst()
    // Another call was first, or the session has just ended.
    if (row?.file_key !== key) dropTakeoutFile(tx, key)
    return row
  })
  if (!kept?.file_key) throw new RpcError('TAKEOUT_INVALID')
  return { key: kept.file_key, size: kept.file_size, date }
}

/** Removes what was written for an export, once that is durable. */
export function dropTakeoutFile(tx: Tx, key: string | null): void {
  if (key === null) return
  const { blobs, log } = tx.app
  tx.onCommit(() => void blobs.delete(key).catch((err) => log.warn({ err }, 'a file of an export was not removed')))
}
