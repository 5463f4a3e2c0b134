import type { Kysely } from 'kysely'
import type { Ctx } from '../../rpc/context.ts'
import { query, type Tables } from '../../storage/index.ts'
import { wordsOf } from './emoji.ts'

/** Rows that one search looks at. */
const MOST = 1000
/** Words of a question that are looked for. */
const WORDS = 8

const ownStickers = query<{ owner: number; kind: number; words: readonly string[]; limit: number }>()((db, p, d) =>
  db
    .selectFrom('installed_set as i')
    .innerJoin('sticker_word as w', 'w.set_id', 'i.set_id')
    .select('w.document_id as id')
    .where('i.owner', '=', p.owner)
    .where('i.kind', '=', p.kind)
    .where('i.archived', '=', 0)
    .where('w.word', 'in', d.eachText(p.words) as never)
    .where('w.document_id', '>', 0)
    .orderBy('i.position', 'desc')
    .orderBy('w.document_id')
    .limit(p.limit),
)
/** Words of sets of a kind, in their order. */
const wordsOfKind = (db: Kysely<Tables>, p: { kind: number }) =>
  db
    .selectFrom('sticker_word as w')
    .innerJoin('sticker_set as s', 's.id', 'w.set_id')
    .where('s.kind', '=', p.kind)
    .orderBy('w.word')
    .orderBy('w.set_id')
const stickersOfKind = (db: Kysely<Tables>, p: { kind: number }) =>
  wordsOfKind(db, p).select('w.document_id as id').where('w.document_id', '>', 0).orderBy('w.document_id')

const allStickers = query<{ kind: number; words: readonly string[]; limit: number }>()((db, p, d) =>
  stickersOfKind(db, p)
    .where('w.word', 'in', d.eachText(p.words) as never)
    .limit(p.limit),
)
const stickersFrom = query<{ kind: number; from: string; to: string; limit: number }>()((db, p) =>
  stickersOfKind(db, p).where('w.word', '>=', p.from).where('w.word', '<', p.to).limit(p.limit),
)
const setsFrom = query<{ kind: number; from: string; to: string; limit: number }>()((db, p) =>
  wordsOfKind(db, p)
    .select('w.set_id as id')
    .where('w.word', '>=', p.from)
    .where('w.word', '<', p.to)
    .where('w.document_id', '=', 0)
    .limit(p.limit),
)

/** Every word that begins with this one. */
const beginning = (word: string) => ({ from: word, to: `${word}\u{10ffff}` })

const idsOf = (rows: readonly { id: number }[]) => rows.map((row) => row.id)

/** Stickers (ids of documents) that stand for one of these emoji: the viewer's own first. */
export async function stickersByEmoji(ctx: Ctx, kind: number, emoji: readonly string[]): Promise<number[]> {
  if (emoji.length === 0) return []
  const named = { kind, words: emoji, limit: MOST }
  const own = await ctx.run(ownStickers, { ...named, owner: ctx.userId })
  return [...new Set([...idsOf(own), ...idsOf(await ctx.run(allStickers, named))])]
}

/** Stickers (ids of documents) one of whose keywords begins with a word of the question. */
export async function stickersByWords(ctx: Ctx, kind: number, question: string): Promise<number[]> {
  const found = new Set<number>()
  for (const word of wordsOf(question).slice(0, WORDS)) {
    for (const { id } of await ctx.run(stickersFrom, { kind, ...beginning(word), limit: MOST })) found.add(id)
  }
  return [...found]
}

/** Sets (ids) in whose names every word of the question begins one. */
export async function setsByWords(ctx: Ctx, kind: number, question: string): Promise<number[]> {
  let left: number[] | undefined
  for (const word of wordsOf(question).slice(0, WORDS)) {
    const found = new Set(idsOf(await ctx.run(setsFrom, { kind, ...beginning(word), limit: MOST })))
    left = left ? left.filter((id) => found.has(id)) : [...found]
  }
  return left ?? []
}
