import { listHash } from '../../domain/list-hash.ts'
import { savedMusicIds } from '../../domain/music.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getSavedMusicIds',
  async (ctx, { hash }) => {
    const ids = await savedMusicIds(ctx, ctx.userId)
    if (hash !== 0n && hash === listHash(ids)) return { _: 'account.savedMusicIdsNotModified' }
    return { _: 'account.savedMusicIds', ids: ids.map(BigInt) }
  },
  { flood: 'read' },
)
