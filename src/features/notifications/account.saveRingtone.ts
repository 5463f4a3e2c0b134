import { type DocumentRow, namedDocument } from '../../domain/files.ts'
import { RINGTONE } from '../../domain/ringtones.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { lockBoxes } from '../../updates/log.ts'

export default method(
  'account.saveRingtone',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const row = await namedDocument(tx, req.id, 'RINGTONE_INVALID')
      if (!req.unsave) checkRingtone(row)
      await lockBoxes(tx, [tx.userId])
      const changed = req.unsave ? await drop(tx, row.id) : await keep(tx, row.id)
      if (changed) await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateSavedRingtones' } })
      return { _: 'account.savedRingtone' }
    }),
  { flood: 'write' },
)

/** DEVIATES: voice messages and long songs are refused instead of converted. */
function checkRingtone(row: DocumentRow): void {
  const { attributes } = readObject(row.tl) as tl.document
  const audio = attributes.find((a) => a._ === 'documentAttributeAudio')
  const fits = row.size <= RINGTONE.size && audio && audio.duration <= RINGTONE.duration
  if (row.mime !== 'audio/mpeg' || !fits) throw new RpcError('RINGTONE_INVALID')
}

async function keep(tx: Tx, document: number): Promise<boolean> {
  const { saved, last } = await tx.trx
    .selectFrom('ringtone')
    .select((eb) => [eb.fn.countAll<number>().as('saved'), eb.fn.max<number | null>('position').as('last')])
    .where('owner', '=', tx.userId)
    .executeTakeFirstOrThrow()
  const added = await tx.trx
    .insertInto('ringtone')
    .values({ owner: tx.userId, document_id: document, position: Number(last ?? 0) + 1 })
    .onConflict((c) => c.columns(['owner', 'document_id']).doNothing())
    .returning('position')
    .executeTakeFirst()
  if (added && Number(saved) >= RINGTONE.saved) throw new RpcError('RINGTONE_INVALID')
  return added !== undefined
}

async function drop(tx: Tx, document: number): Promise<boolean> {
  const gone = await tx.trx
    .deleteFrom('ringtone')
    .where('owner', '=', tx.userId)
    .where('document_id', '=', document)
    .returning('position')
    .executeTakeFirst()
  return gone !== undefined
}
