import { type DocumentRow, namedDocument } from '../../domain/files.ts'
import { savedMusicIds } from '../../domain/music.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

function isMusic(row: DocumentRow): boolean {
  const { attributes } = readObject(row.tl) as tl.document
  return attributes.some((a) => a._ === 'documentAttributeAudio' && !a.voice)
}

/** Puts a piece first, or behind another; one that is there already moves. */
async function save(tx: Tx, id: number, after: number | undefined): Promise<void> {
  const { userId } = tx
  // One after the other, where transactions run side by side.
  await tx.trx.updateTable('user').set({ id: userId }).where('id', '=', userId).execute()
  const ids = (await savedMusicIds(tx, userId)).filter((other) => other !== id)
  if (ids.length >= tx.app.config.limits.savedMusic) throw new RpcError('DOCUMENT_INVALID')
  const at = after === undefined ? -1 : ids.indexOf(after)
  if (after !== undefined && at < 0) throw new RpcError('DOCUMENT_INVALID')
  ids.splice(at + 1, 0, id)
  await tx.trx.deleteFrom('saved_music').where('owner', '=', userId).execute()
  for (let i = 0; i < ids.length; i += 500) {
    const rows = ids
      .slice(i, i + 500)
      .map((document_id, j) => ({ owner: userId, document_id, pos: ids.length - i - j }))
    await tx.trx.insertInto('saved_music').values(rows).execute()
  }
}

export default method(
  'account.saveMusic',
  async (ctx, { unsave, id, afterId }) => {
    const row = await namedDocument(ctx, id, 'DOCUMENT_INVALID')
    if (!isMusic(row)) throw new RpcError('DOCUMENT_INVALID')
    const after = afterId && (await namedDocument(ctx, afterId, 'DOCUMENT_INVALID'))
    return ctx.transact(async (tx) => {
      if (unsave) {
        await tx.trx
          .deleteFrom('saved_music')
          .where('owner', '=', tx.userId)
          .where('document_id', '=', row.id)
          .execute()
      } else await save(tx, row.id, after?.id)
      return true
    })
  },
  { flood: 'write' },
)
