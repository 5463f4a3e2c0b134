import { access } from '../../domain/access.ts'
import { viewDocument } from '../../domain/files.ts'
import { listHash } from '../../domain/list-hash.ts'
import { savedMusic, savedMusicIds } from '../../domain/music.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { method } from '../../rpc/method.ts'

const MOST = 100

export default method(
  'users.getSavedMusic',
  async (ctx, { id, offset, limit, hash }) => {
    const user = await access.user(ctx, id)
    if (!(await allowedBy(ctx, user.id, 'savedMusic'))) return { _: 'users.savedMusic', count: 0, documents: [] }
    const count = (await savedMusicIds(ctx, user.id)).length
    const rows = await savedMusic(ctx, user.id, Math.max(0, offset), Math.min(MOST, Math.max(0, limit)))
    const known = hash !== 0n && hash === listHash(rows.map((row) => row.id))
    if (known) return { _: 'users.savedMusicNotModified', count }
    return { _: 'users.savedMusic', count, documents: rows.map((row) => viewDocument(ctx, row)) }
  },
  { flood: 'read' },
)
