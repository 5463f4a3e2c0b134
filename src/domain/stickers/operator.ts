import type { App } from '../../rpc/app.ts'
import { type Ctx, systemCtx } from '../../rpc/context.ts'
import { FEATURED_KINDS } from './featured.ts'
import { SET_KIND, type SetRow, setNamed } from './rows.ts'

/** Sets of a kind that are shown to everybody at most. */
const MOST = 200
const KIND_NAMES = ['stickers', 'masks', 'custom emoji']

async function setByWord(ctx: Ctx, word: string): Promise<SetRow> {
  const row = await setNamed(ctx, word.replace(/^.*\/(?:addstickers|addemoji)\//, ''))
  if (!row) throw new Error(`${word}: no such set`)
  return row
}

/** Shows a set to everybody among the featured ones, on top. @throws Error in plain words */
export async function featureSet(app: App, word: string): Promise<string[]> {
  return systemCtx(app).transact(async (tx) => {
    const row = await setByWord(tx, word)
    if (row.kind === SET_KIND.masks) throw new Error(`${word}: masks are not featured`)
    const shown = await tx.trx
      .selectFrom('featured_set')
      .select(['set_id', 'position'])
      .where('kind', '=', row.kind)
      .where('old', '=', 0)
      .orderBy('position', 'desc')
      .execute()
    if (shown.length >= MOST && !shown.some((one) => one.set_id === row.id)) {
      throw new Error(`${shown.length} sets are featured already`)
    }
    const place = { kind: row.kind, position: (shown[0]?.position ?? 0) + 1, old: 0 }
    await tx.trx
      .insertInto('featured_set')
      .values({ set_id: row.id, ...place })
      .onConflict((c) => c.column('set_id').doUpdateSet(place))
      .execute()
    // Who has looked at it long ago sees it as a new one.
    await tx.trx.deleteFrom('featured_read').where('set_id', '=', row.id).execute()
    return [`${row.short_name} is featured`]
  })
}

/** Shows a set no more, but among those that were featured once. @throws Error in plain words */
export async function unfeatureSet(app: App, word: string): Promise<string[]> {
  return systemCtx(app).transact(async (tx) => {
    const row = await setByWord(tx, word)
    const gone = await tx.trx
      .updateTable('featured_set')
      .set({ old: 1 })
      .where('set_id', '=', row.id)
      .where('old', '=', 0)
      .returning('set_id')
      .executeTakeFirst()
    if (!gone) throw new Error(`${row.short_name} is not featured`)
    return [`${row.short_name} is featured no more`]
  })
}

/** The featured sets as clients are shown them: short name, title, kind, how many have it. */
export async function listFeatured(app: App): Promise<string[]> {
  const lines: string[] = []
  for (const kind of FEATURED_KINDS) {
    const rows = await app.store.db
      .selectFrom('featured_set as f')
      .innerJoin('sticker_set as s', 's.id', 'f.set_id')
      .select(['s.short_name', 's.title', 's.kind'])
      .select((eb) =>
        eb
          .selectFrom('installed_set as i')
          .select((count) => count.fn.countAll<number>().as('count'))
          .whereRef('i.set_id', '=', 's.id')
          .as('installed'),
      )
      .where('f.kind', '=', kind)
      .where('f.old', '=', 0)
      .orderBy('f.position', 'desc')
      .execute()
    for (const row of rows) {
      lines.push([row.short_name, row.title, KIND_NAMES[row.kind], `${row.installed ?? 0} installed`].join('\t'))
    }
  }
  return lines.length > 0 ? lines : ['no featured sets']
}
