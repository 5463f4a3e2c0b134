import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { query, type Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { addressFiles } from '../files.ts'

export type ArticleRow = Selectable<Tables['web_article']>

const byPage = query<{ page: number }>()((db, p) => db.selectFrom('web_article').selectAll().where('page', '=', p.page))
const viewed = query<{ page: number }>()((db, p) =>
  db
    .updateTable('web_article')
    .set((eb) => ({ views: eb('views', '+', 1) }))
    .where('page', '=', p.page)
    .returning('views'),
)

/** Blocks that messages carry of an article: they say that there is one. */
const SAMPLE = 1

export async function articleRow(ctx: Ctx, page: number): Promise<ArticleRow | undefined> {
  const [row] = await ctx.run(byPage, { page })
  return row
}

/** Keeps a page's article in the place of the one before, or takes that away. */
export async function keepArticle(
  tx: Tx,
  page: number,
  article: { tl: Uint8Array; pictures: string } | undefined,
): Promise<void> {
  if (!article) {
    await tx.trx.deleteFrom('web_article').where('page', '=', page).execute()
    return
  }
  await tx.trx
    .insertInto('web_article')
    .values({ page, views: 0, ...article })
    .onConflict((c) => c.column('page').doUpdateSet(article))
    .execute()
}

/** What messages with a page carry of its article: clients ask for the whole of it when it is opened. */
export function sampleOf(article: tl.page): tl.page {
  return { ...article, part: true, blocks: article.blocks.slice(0, SAMPLE), photos: [], documents: [] }
}

/** Counts that an article was opened; 0 for a page without one. */
export async function countOpened(tx: Tx, page: number): Promise<number> {
  const [row] = await tx.run(viewed, { page })
  return row?.views ?? 0
}

/** The whole article, as its viewer may load its pictures. https://core.telegram.org/constructor/page */
export function viewArticle(ctx: Ctx, row: ArticleRow): tl.page {
  return { ...addressFiles(ctx, readObject(row.tl) as tl.page), views: row.views || undefined }
}
