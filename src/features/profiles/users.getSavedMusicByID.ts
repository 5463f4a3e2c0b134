import { access } from '../../domain/access.ts'
import { documentRow, rowId, viewDocument } from '../../domain/files.ts'
import { accessHash } from '../../domain/hashes.ts'
import { savedMusicIds } from '../../domain/music.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

const MOST = 100

/** For fresh file references of music somebody shows, so that the old ones may have expired. */
export default method(
  'users.getSavedMusicByID',
  async (ctx, { id, documents: named }) => {
    const user = await access.user(ctx, id)
    const shown = (await allowedBy(ctx, user.id, 'savedMusic')) ? await savedMusicIds(ctx, user.id) : []
    const documents: tl.Document[] = []
    for (const input of named.slice(0, MOST)) {
      if (input._ !== 'inputDocument' || !shown.includes(rowId(input.id))) continue
      if (input.accessHash !== accessHash(ctx, 'document', input.id)) continue
      const row = await documentRow(ctx, rowId(input.id))
      if (row) documents.push(viewDocument(ctx, row))
    }
    return { _: 'users.savedMusic', count: documents.length, documents }
  },
  { flood: 'read' },
)
