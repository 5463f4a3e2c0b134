import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely'
import { query, run } from './query.ts'
import { CHANNEL_WORD, indexWords, queryWords, scopeWord } from './words.ts'

type AnyDb = Kysely<any>

export interface IndexedText {
  owner: number
  /** The peer of the conversation, by which a search can be narrowed. */
  peer: number
  id: number
  text: string
  /** Who said it, by whom a search can be narrowed, too. */
  from?: number
}

/** Texts of one owner, in the order of their ids. */
export interface TextPage {
  owner: number
  query: string
  peer?: number | undefined
  from?: number | undefined
  /** The first id that counts, and the first that does not any more. */
  first: number
  below: number
  /** The greatest ids first. */
  newest: boolean
  limit: number
}

/**
 * Full-text search in a side table of (owner, id, peer) and words.
 *
 * Both databases get the words that words.ts makes, rather than what their own parsers (which differ, and depend on
 * locales) make of the text; so both find the same. Owner and peer are words too: an index by words alone would go
 * through everybody's messages with a common word to find one owner's.
 */
export interface TextIndex {
  createTextIndex(db: AnyDb, table: string): Promise<void>
  /** Puts a text in, or replaces what (owner, id) had. A text without words is taken out. */
  indexText(trx: AnyDb, table: string, row: IndexedText): Promise<void>
  unindexText(trx: AnyDb, table: string, owner: number, ids: readonly number[]): Promise<void>
  /**
   * The ids of an owner's texts that have every word of the query, the last one perhaps only begun; for
   * `.where('id', 'in', d.matchText(...))`. Nothing matches a query without words: ask `hasWords` to tell these apart.
   */
  matchText(db: AnyDb, table: string, owner: number, query: string, peer?: number): Expression<number>
  /**
   * The ids of some of an owner's texts that match, as a table with the column `id`: only so many are looked at as are
   * given. Texts must have been put in in the order of their ids.
   */
  matchPage(table: string, page: TextPage): RawBuilder<{ id: number }>
  /**
   * Of all channels' texts (those whose owner is negative) the owners and ids of some that match, as a table: at most
   * `limit`, those indexed last where the database can tell.
   */
  matchChannels(db: AnyDb, table: string, query: string, limit: number): RawBuilder<Row>
}

interface Row {
  owner: number
  id: number
}

/** One table's prepared queries, by table. */
function perTable<T>(make: (table: string) => T): (table: string) => T {
  const made = new Map<string, T>()
  return (table) => {
    let queries = made.get(table)
    if (queries === undefined) made.set(table, (queries = make(table)))
    return queries
  }
}

function textOf(row: IndexedText): string[] {
  const words = indexWords(row.text)
  if (words.length > 0) {
    words.push(scopeWord('o', row.owner), scopeWord('p', row.peer))
    if (row.from !== undefined) words.push(scopeWord('f', row.from))
    if (row.owner < 0) words.push(CHANNEL_WORD)
  }
  return words
}

interface Wanted {
  /** Words that all have to be there; none for a query without words. */
  exact: string[]
  /** What one word begins with. */
  prefix: string | undefined
}

function wanted(text: string, ...scopes: string[]): Wanted {
  const { exact, prefix } = queryWords(text)
  if (exact.length > 0 || prefix !== undefined) exact.push(...scopes)
  return { exact, prefix }
}

const ofOwner = (owner: number, peer: number | undefined): string[] =>
  peer === undefined || (owner < 0 && peer === owner)
    ? [scopeWord('o', owner)]
    : [scopeWord('o', owner), scopeWord('p', peer)]

function wantedOf({ query, owner, peer, from }: TextPage): Wanted {
  const scopes = ofOwner(owner, peer)
  if (from !== undefined) scopes.push(scopeWord('f', from))
  return wanted(query, ...scopes)
}

/** A query of FTS5. Words are letters and digits, so nothing in them ends the quotes. */
function ftsQuery({ exact, prefix }: Wanted): string {
  const match = exact.map((word) => `"${word}"`)
  if (prefix !== undefined) match.push(`"${prefix}" *`)
  return match.join(' AND ')
}

function tsQuery({ exact, prefix }: Wanted): string {
  const match = exact.map((word) => `'${word}'`)
  if (prefix !== undefined) match.push(`'${prefix}':*`)
  return match.join(' & ')
}

const sqliteQueries = perTable((table) => ({
  find: query<Row>()((db: AnyDb, p) =>
    db.selectFrom(table).select('row').where('owner', '=', p.owner).where('id', '=', p.id).$castTo<{ row: number }>(),
  ),
  add: query<Row & { peer: number }>()((db: AnyDb, p) =>
    db
      .insertInto(table)
      .values({ owner: p.owner, id: p.id, peer: p.peer })
      .onConflict((c) => c.columns(['owner', 'id']).doUpdateSet({ peer: p.peer }))
      .returning('row')
      .$castTo<{ row: number }>(),
  ),
  addWords: query<{ row: number; words: string }>()((db: AnyDb, p) =>
    db.insertInto(`${table}_fts`).values({ rowid: p.row, words: p.words }),
  ),
  removeWords: query<{ row: number }>()((db: AnyDb, p) => db.deleteFrom(`${table}_fts`).where('rowid', '=', p.row)),
  remove: query<Row>()((db: AnyDb, p) => db.deleteFrom(table).where('owner', '=', p.owner).where('id', '=', p.id)),
}))

export const sqliteText: TextIndex = {
  async createTextIndex(db, table) {
    await sql`create table ${sql.table(table)}
      (row integer primary key, owner integer not null, id integer not null, peer integer not null) strict`.execute(db)
    await sql`create unique index ${sql.ref(`${table}_id`)} on ${sql.table(table)} (owner, id)`.execute(db)
    // The text itself is elsewhere, positions are not asked for, and words come in their final form: the tokenizer
    // `ascii` splits at the spaces we put and takes every other letter as it is.
    await sql`create virtual table ${sql.table(`${table}_fts`)} using fts5
      (words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='2')`.execute(db)
  },
  async indexText(trx, table, row) {
    const q = sqliteQueries(table)
    const words = textOf(row)
    const [old] = await run(trx, q.find, { owner: row.owner, id: row.id })
    if (old !== undefined) await run(trx, q.removeWords, { row: old.row })
    if (words.length === 0) {
      if (old !== undefined) await run(trx, q.remove, { owner: row.owner, id: row.id })
      return
    }
    const [added] = await run(trx, q.add, { owner: row.owner, id: row.id, peer: row.peer })
    await run(trx, q.addWords, { row: added!.row, words: words.join(' ') })
  },
  async unindexText(trx, table, owner, ids) {
    const q = sqliteQueries(table)
    for (const id of ids) {
      const [old] = await run(trx, q.find, { owner, id })
      if (old === undefined) continue
      await run(trx, q.removeWords, { row: old.row })
      await run(trx, q.remove, { owner, id })
    }
  },
  matchText(_, table, owner, text, peer) {
    const words = wanted(text, ...ofOwner(owner, peer))
    if (words.exact.length === 0) return sql`(select null where false)`
    const main = sql.table(table)
    const fts = sql.table(`${table}_fts`)
    return sql`(select ${main}.id from ${fts} join ${main} on ${main}.row = ${fts}.rowid
      where ${fts} match ${ftsQuery(words)})`
  },
  matchPage(table, page) {
    const words = wantedOf(page)
    if (words.exact.length === 0) return sql`(select 0 as id where false)`
    const main = sql.table(table)
    const fts = sql.table(`${table}_fts`)
    const { owner, first, below, limit } = page
    const order = page.newest ? sql`desc` : sql`asc`
    // Rows are numbered as they were put in: for one owner that is the order of the ids. The cross join keeps SQLite from
    // going through the main table for what is in the few that matched.
    return sql`(select ${main}.id as id from (select rowid as row from ${fts} where ${fts} match ${ftsQuery(words)}
      and rowid >= coalesce((select row from ${main} where owner = ${owner} and id >= ${first} order by id limit 1), 9007199254740991)
      and rowid <= coalesce((select row from ${main} where owner = ${owner} and id < ${below} order by id desc limit 1), -1)
      order by rowid ${order} limit ${limit}) as matched cross join ${main} on ${main}.row = matched.row)`
  },
  matchChannels(_, table, text, limit) {
    const words = wanted(text, CHANNEL_WORD)
    if (words.exact.length === 0) return sql`(select 0 as owner, 0 as id where false)`
    const main = sql.table(table)
    const fts = sql.table(`${table}_fts`)
    return sql`(select ${main}.owner, ${main}.id from (select rowid as row from ${fts} where ${fts} match ${ftsQuery(words)}
      order by rowid desc limit ${limit}) as matched join ${main} on ${main}.row = matched.row)`
  },
}

const postgresQueries = perTable((table) => ({
  add: query<Row & { peer: number; words: string[] }>()((db: AnyDb, p) => {
    const words = sql`array_to_tsvector(${p.words}::text[])`
    return db
      .insertInto(table)
      .values({ owner: p.owner, id: p.id, peer: p.peer, words })
      .onConflict((c) => c.columns(['owner', 'id']).doUpdateSet({ peer: p.peer, words }))
  }),
  remove: query<{ owner: number; ids: readonly number[] }>()((db: AnyDb, p, d) =>
    db.deleteFrom(table).where('owner', '=', p.owner).where('id', 'in', d.each(p.ids)),
  ),
}))

export const postgresText: TextIndex = {
  async createTextIndex(db, table) {
    await sql`create table ${sql.table(table)} (owner bigint not null, id bigint not null, peer bigint not null,
      words tsvector not null, primary key (owner, id))`.execute(db)
    await sql`create index ${sql.ref(`${table}_words`)} on ${sql.table(table)} using gin (words)`.execute(db)
  },
  async indexText(trx, table, row) {
    const q = postgresQueries(table)
    const words = textOf(row)
    if (words.length === 0) await run(trx, q.remove, { owner: row.owner, ids: [row.id] })
    else await run(trx, q.add, { owner: row.owner, id: row.id, peer: row.peer, words })
  },
  async unindexText(trx, table, owner, ids) {
    await run(trx, postgresQueries(table).remove, { owner, ids })
  },
  matchText(_, table, owner, text, peer) {
    const words = wanted(text, ...ofOwner(owner, peer))
    if (words.exact.length === 0) return sql`(select null::bigint where false)`
    return sql`(select id from ${sql.table(table)} where words @@ ${tsQuery(words)}::tsquery and owner = ${owner})`
  },
  matchPage(table, page) {
    const words = wantedOf(page)
    if (words.exact.length === 0) return sql`(select 0::bigint as id where false)`
    const { owner, first, below, limit } = page
    const order = page.newest ? sql`desc` : sql`asc`
    return sql`(select id from ${sql.table(table)} where words @@ ${tsQuery(words)}::tsquery and owner = ${owner}
      and id >= ${first} and id < ${below} order by id ${order} limit ${limit})`
  },
  matchChannels(_, table, text, limit) {
    const words = wanted(text, CHANNEL_WORD)
    if (words.exact.length === 0) return sql`(select 0::bigint as owner, 0::bigint as id where false)`
    return sql`(select owner, id from ${sql.table(table)} where words @@ ${tsQuery(words)}::tsquery limit ${limit})`
  },
}
