import { tellAccount } from '../../domain/service-account.ts'
import { dropTakeoutFile } from '../../domain/takeout-file.ts'
import type { Tx } from '../../rpc/context.ts'
import type { Takeout } from '../../rpc/takeout.ts'
import type { Methods } from '../../tl/index.ts'

const DAY = 86_400

/**
 * Opens a session for taking data out, in place of the device's earlier one; or gives the seconds that a device which
 * signed in lately has to wait, and tells the account of its request, once: whoever stole a sign-in cannot copy
 * everything before its owner notices. https://core.telegram.org/api/takeout
 * @NOTE `message_*` say what a client is going to read, and nothing is refused for want of one: the session may read all
 * of it outside of the takeout, and libraries begin one without saying anything.
 */
export async function beginTakeout(
  tx: Tx,
  req: Methods['account.initTakeoutSession']['params'],
): Promise<{ id: number; wait: number }> {
  const owner = tx.userId
  const auth = tx.session!.auth.id
  const { test, limits } = tx.app.config
  const device = await tx.trx
    .selectFrom('auth_key')
    .select(['signed_in_at', 'device_model', 'app_version', 'ip'])
    .where('id', '=', auth)
    .executeTakeFirstOrThrow()
  // Under --test nobody waits a day unless told to.
  const delay = limits.takeoutDelaySeconds ?? (test ? 0 : DAY)
  const wait = device.signed_in_at + delay - tx.now
  if (wait > 0) {
    const first = await tx.trx
      .insertInto('takeout_request')
      .values({ owner, auth, date: tx.now })
      .onConflict((c) => c.columns(['owner', 'auth']).doNothing())
      .returning('owner')
      .executeTakeFirst()
    if (first) await tellAccount(tx.aloud, owner, notice(device, wait))
    return { id: 0, wait }
  }
  await tx.trx.deleteFrom('takeout_request').where('owner', '=', owner).where('auth', '=', auth).execute()
  const before = await tx.trx
    .deleteFrom('takeout')
    .where('owner', '=', owner)
    .where('auth', '=', auth)
    .returning('file_key')
    .execute()
  for (const { file_key } of before) dropTakeoutFile(tx, file_key)
  const id = Number(tx.app.random(8).readBigUInt64LE() >> 12n) || 1
  await tx.trx
    .insertInto('takeout')
    .values({
      owner,
      id,
      auth,
      date: tx.now,
      contacts: req.contacts ? 1 : 0,
      file_max_size: Math.max(0, req.fileMaxSize ?? 0),
      finished: 0,
    })
    .execute()
  return { id, wait: 0 }
}

function notice(device: { device_model: string; app_version: string; ip: string }, wait: number): string {
  return [
    'A device asked to export the data of your account.',
    '',
    `Device: ${device.device_model || 'unknown'}, ${device.app_version || 'unknown version'}`,
    `Address: ${device.ip || 'unknown'}`,
    '',
    `It can begin in ${Math.ceil(wait / 3600)} hours. If this was not you, end that session in Settings > Devices.`,
  ].join('\n')
}

/** Ends a session: its number is worth nothing any more, and what was written for it goes. */
export async function endTakeout(tx: Tx, takeout: Takeout): Promise<void> {
  await tx.trx
    .updateTable('takeout')
    .set({ finished: 1, file_key: null })
    .where('owner', '=', takeout.owner)
    .where('id', '=', takeout.id)
    .execute()
  dropTakeoutFile(tx, takeout.file_key)
}
