import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { type DocumentRow, viewDocument } from './files.ts'

const list = query<{ owner: number; offset: number; limit: number }>()((db, p) =>
  db
    .selectFrom('saved_music as m')
    .innerJoin('document as d', 'd.id', 'm.document_id')
    .selectAll('d')
    .where('m.owner', '=', p.owner)
    .orderBy('m.pos', 'desc')
    .offset(p.offset)
    .limit(p.limit),
)
const idsOf = query<{ owner: number }>()((db, p) =>
  db.selectFrom('saved_music').select('document_id').where('owner', '=', p.owner).orderBy('pos', 'desc'),
)

/** The music on an account's profile, in its order. */
export async function savedMusic(ctx: Ctx, owner: number, offset: number, limit: number): Promise<DocumentRow[]> {
  return ctx.run(list, { owner, offset, limit })
}

/** The ids of all of it, in its order. */
export async function savedMusicIds(ctx: Ctx, owner: number): Promise<number[]> {
  return (await ctx.run(idsOf, { owner })).map((row) => row.document_id)
}

/** The piece that a profile shows first. https://core.telegram.org/api/profile#music */
export async function firstMusic(ctx: Ctx, owner: number): Promise<tl.Document | undefined> {
  const [first] = await savedMusic(ctx, owner, 0, 1)
  return first && viewDocument(ctx, first)
}
