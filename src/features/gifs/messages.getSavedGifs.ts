import { viewDocument } from '../../domain/files.ts'
import { listHash } from '../../domain/list-hash.ts'
import { keptDocuments } from '../../domain/stickers/kept.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getSavedGifs',
  async (ctx, req) => {
    const rows = await keptDocuments(ctx, 'gif')
    const hash = listHash(rows.map((row) => row.id))
    if (req.hash !== 0n && req.hash === hash) return { _: 'messages.savedGifsNotModified' }
    return { _: 'messages.savedGifs', hash, gifs: rows.map((row) => viewDocument(ctx, row)) }
  },
  { flood: 'read' },
)
