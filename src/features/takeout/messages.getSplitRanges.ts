import { method } from '../../rpc/method.ts'
import { LAST_ID } from '../../rpc/takeout.ts'
import { query } from '../../storage/index.ts'

/** Numbers in one range: so many can be read without the others. */
const RANGE = 1_000_000

const boxOf = query<{ owner: number }>()((db, p) =>
  db.selectFrom('box').select('message_id').where('owner', '=', p.owner),
)

/** Ranges of an account's message numbers, from the first to the last that there can be. */
export default method(
  'messages.getSplitRanges',
  async (ctx) => {
    const [box] = await ctx.run(boxOf, { owner: ctx.userId })
    const messageId = box?.message_id ?? 0
    const ranges = []
    for (let minId = 1; ; minId += RANGE) {
      const last = minId + RANGE > messageId
      ranges.push({ _: 'messageRange' as const, minId, maxId: last ? LAST_ID : minId + RANGE - 1 })
      if (last) return ranges
    }
  },
  { flood: 'read' },
)
