import { viewDocument } from '../../domain/files.ts'
import { listHash } from '../../domain/list-hash.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getSavedRingtones',
  async (ctx, req) => {
    const rows = await ctx.db
      .selectFrom('ringtone as r')
      .innerJoin('document as d', 'd.id', 'r.document_id')
      .selectAll('d')
      .where('r.owner', '=', ctx.userId)
      .orderBy('r.position', 'desc')
      .execute()
    const hash = listHash(rows.map((row) => row.id))
    if (req.hash !== 0n && req.hash === hash) return { _: 'account.savedRingtonesNotModified' }
    return { _: 'account.savedRingtones', hash, ringtones: rows.map((row) => viewDocument(ctx, row)) }
  },
  { flood: 'read' },
)
