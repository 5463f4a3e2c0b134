import { changeSet } from '../../domain/stickers/change.ts'
import { describeSticker } from '../../domain/stickers/make.ts'
import { kindFlags } from '../../domain/stickers/rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { type JobRunner, schedule } from '../../rpc/jobs.ts'
import { lockBoxes } from '../../updates/log.ts'

/** Accounts whose lists are changed in one transaction. */
const BATCH = 100

export const UNINSTALL = 'stickers.uninstall'

/**
 * Deletes a set: its stickers, which may be in messages, belong to none from now on. Whoever has installed it is told
 * soon after, part by part.
 */
export async function deleteSet(tx: Tx, id: number): Promise<void> {
  await changeSet(tx, id)
  const stickers = await tx.trx.deleteFrom('sticker').where('set_id', '=', id).returning('document_id').execute()
  for (const { document_id: document } of stickers) await describeSticker(tx, document, undefined, {})
  for (const table of ['sticker_word', 'featured_set', 'attached_set'] as const) {
    // The columns' types are the same; the union of the tables is too much for the type checker.
    await tx.trx
      .deleteFrom(table as 'sticker_word')
      .where('set_id', '=', id)
      .execute()
  }
  await tx.trx.deleteFrom('sticker_set').where('id', '=', id).execute()
  await schedule(tx, { id: `${UNINSTALL}:${id}`, kind: UNINSTALL, owner: 0, dueAt: tx.now, data: { set: id } })
}

/** Takes a set that is gone off the lists of those who had it, and tells their devices. */
export const uninstallGone: JobRunner = async (ctx, { data }) => {
  const { set } = data as { set: number }
  while (await uninstallSome(ctx, set));
}

async function uninstallSome(ctx: Ctx, set: number): Promise<boolean> {
  return ctx.transact(async (tx) => {
    const rows = await tx.trx
      .selectFrom('installed_set')
      .select(['owner', 'kind'])
      .where('set_id', '=', set)
      .orderBy('owner')
      .limit(BATCH)
      .execute()
    if (rows.length === 0) return false
    const owners = rows.map((row) => row.owner)
    await lockBoxes(tx, owners)
    await tx.trx.deleteFrom('installed_set').where('set_id', '=', set).where('owner', 'in', owners).execute()
    await tx.publishAll(
      rows.map(({ owner, kind }) => {
        return [owner, { kind: 'update', update: { _: 'updateStickerSets', ...kindFlags(kind) } }]
      }),
    )
    return true
  })
}
