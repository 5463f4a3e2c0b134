import { type Kysely, type RawBuilder, sql } from 'kysely'
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
  dropTextIndex(db: AnyDb, table: string): Promise<void>
  /** Puts a text in, or replaces what (owner, id) had. */
  indexText(trx: AnyDb, table: string, row: IndexedText): Promise<void>
  unindexText(trx: AnyDb, table: string, owner: number, ids: readonly number[]): Promise<void>
  /**
   * The ids of some of an owner's texts that have every word of the query, the last one perhaps only begun, in their
   * order: the first ones of the page. A word that is in every text costs no more than a rare one. Texts must have been
   * put in in the order of their ids. Nothing matches a query without words: ask `hasWords` to tell these apart.
   */
  matchPage(db: AnyDb, table: string, page: TextPage): Promise<number[]>
  /** How many match; where there are more than the page's limit, that limit. */
  countMatches(db: AnyDb, table: string, page: TextPage): Promise<number>
  /**
   * Of all channels' texts (those whose owner is negative) the owners and ids of some that match, as a table: at most
   * `limit`, those indexed last where the database can tell.
   */
  matchChannels(db: AnyDb, table: string, query: string, limit: number): Promise<RawBuilder<Row>>
}

export interface Row {
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

/** Words that one begun word may stand for; of more the index puts all their texts together first. */
const MEANT = 500
/** Letters of begun words that SQLite's index knows by themselves, without looking at what they become. */
const KNOWN_BEGINNINGS = [2, 3]

/**
 * A query of FTS5: words are letters and digits, so nothing in them ends the quotes. What a word begins with is asked
 * for as the words that there are with that beginning: FTS5 reads words one text after the other, but of a beginning
 * first of all every text of everybody.
 */
async function ftsQuery(db: AnyDb, table: string, { exact, prefix }: Wanted): Promise<string> {
  const match = exact.map((word) => `"${word}"`)
  if (prefix !== undefined) {
    const known = KNOWN_BEGINNINGS.includes(Array.from(prefix).length)
    const words = known ? [] : await begunWords(db, table, prefix)
    if (known || words.length > MEANT) match.push(`"${prefix}" *`)
    else match.push(`(${(words.length > 0 ? words : [prefix]).map((word) => `"${word}"`).join(' OR ')})`)
  }
  return match.join(' AND ')
}

/** Words of the index that begin so, at most one more than MEANT: each is found from the one before it. */
async function begunWords(db: AnyDb, table: string, prefix: string): Promise<string[]> {
  const terms = sql.table(`${table}_terms`)
  // No word has a character as low as the one, or as high as the other.
  const end = `${prefix}\u{10ffff}`
  const next = (from: RawBuilder<unknown>) =>
    sql`(select term from ${terms} where term >= ${from} and term < ${end} limit 1)`
  const { rows } = await sql<{ term: string }>`with recursive words(term) as (
      select * from ${next(sql`${prefix}`)}
      union all select ${next(sql`words.term || char(1)`)} from words where words.term is not null limit ${MEANT + 1}
    ) select term from words where term is not null`.execute(db)
  return rows.map((row) => row.term)
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
    await sql`create virtual table ${sql.table(`${table}_fts`)} using fts5 (words, content='', contentless_delete=1,
      detail=none, tokenize='ascii', prefix='${sql.raw(KNOWN_BEGINNINGS.join(' '))}')`.execute(db)
    await sql`create virtual table ${sql.table(`${table}_terms`)} using fts5vocab
      (${sql.table(`${table}_fts`)}, instance)`.execute(db)
  },
  async dropTextIndex(db, table) {
    for (const part of [`${table}_terms`, `${table}_fts`, table]) {
      await sql`drop table if exists ${sql.table(part)}`.execute(db)
    }
  },
  async indexText(trx, table, row) {
    const q = sqliteQueries(table)
    const words = textOf(row)
    const [old] = await run(trx, q.find, { owner: row.owner, id: row.id })
    if (old !== undefined) await run(trx, q.removeWords, { row: old.row })
    // A text without words has its number, too: it may get words later, and numbers are in the order of the ids.
    const [added] = await run(trx, q.add, { owner: row.owner, id: row.id, peer: row.peer })
    if (words.length > 0) await run(trx, q.addWords, { row: added!.row, words: words.join(' ') })
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
  async matchPage(db, table, page) {
    const matched = await ftsPage(db, table, page)
    if (!matched) return []
    const { rows } = await sql<{ id: number }>`select m.id from ${matched} as matched
      cross join ${sql.table(table)} as m on m.row = matched.row`.execute(db)
    return inOrder(rows, page)
  },
  async countMatches(db, table, page) {
    // From the oldest on, which takes a third of the time.
    const matched = await ftsPage(db, table, { ...page, newest: false })
    if (!matched) return 0
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${matched}`.execute(db)
    return rows[0]!.count
  },
  async matchChannels(db, table, text, limit) {
    const words = wanted(text, CHANNEL_WORD)
    if (words.exact.length === 0) return sql`(select 0 as owner, 0 as id where false)`
    const fts = sql.table(`${table}_fts`)
    return sql`(select m.owner, m.id from (select rowid as row from ${fts}
        where ${fts} match ${await ftsQuery(db, table, words)} order by rowid desc limit ${limit}) as matched
      cross join ${sql.table(table)} as m on m.row = matched.row)`
  },
}

/** The numbers of the main table's rows that match: undefined for a query without words. */
async function ftsPage(db: AnyDb, table: string, page: TextPage): Promise<RawBuilder<unknown> | undefined> {
  const words = wantedOf(page)
  if (words.exact.length === 0) return undefined
  const main = sql.table(table)
  const fts = sql.table(`${table}_fts`)
  const { owner, first, below, limit } = page
  // Rows are numbered as they were put in: for one owner that is the order of the ids. (The cross joins keep SQLite from
  // going through the main table for what is in the few that matched.)
  return sql`(select rowid as row from ${fts} where ${fts} match ${await ftsQuery(db, table, words)}
    and rowid >= coalesce((select row from ${main} where owner = ${owner} and id >= ${first} order by id limit 1), 9007199254740991)
    and rowid <= coalesce((select row from ${main} where owner = ${owner} and id < ${below} order by id desc limit 1), -1)
    order by rowid ${page.newest ? sql`desc` : sql`asc`} limit ${limit})`
}

const inOrder = (rows: readonly { id: number }[], { newest }: TextPage): number[] =>
  rows.map((row) => row.id).sort((a, b) => (newest ? b - a : a - b))

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
  async dropTextIndex(db, table) {
    await sql`drop table if exists ${sql.table(table)}`.execute(db)
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
  async matchPage(db, table, page) {
    const words = wantedOf(page)
    if (words.exact.length === 0) return []
    const { newest, limit } = page
    const walked = await walk(db, table, page, words)
    if (walked.whole || walked.ids.length >= limit) return walked.ids.slice(0, limit)
    const rest = newest ? { ...page, below: walked.end } : { ...page, first: walked.end + 1 }
    const { rows } = await sql<{ id: number }>`${indexed(table, rest, words)}
      select id from matched order by id ${newest ? sql`desc` : sql`asc`} limit ${limit - walked.ids.length}`.execute(
      db,
    )
    return [...walked.ids, ...inOrder(rows, page)]
  },
  async countMatches(db, table, page) {
    const words = wantedOf(page)
    if (words.exact.length === 0) return 0
    const { limit } = page
    const { rows: walked } = await sql<{ looked: number; found: number; end: number | null }>`
      select count(*) as looked, count(*) filter (where matches) as found, min(id) as end
      from (select id, ${matching(words)} as matches from ${sql.table(table)} where ${within(page)}
        order by id desc limit ${WALKED}) as t`.execute(db)
    const { looked, found, end } = walked[0]!
    if (looked < WALKED || found >= limit) return Math.min(found, limit)
    const rest = { ...page, below: end! }
    // Where one in ten matches, so many are sooner found by going on like that.
    const some =
      found * 10 >= WALKED
        ? sql`with matched as (select 1 from ${sql.table(table)} where ${within(rest)} and ${matching(words)}
            order by id desc limit ${limit - found})`
        : indexed(table, rest, words)
    const { rows } = await sql<{ count: number }>`${some} select count(*) as count from matched`.execute(db)
    return Math.min(found + rows[0]!.count, limit)
  },
  async matchChannels(_, table, text, limit) {
    const words = wanted(text, CHANNEL_WORD)
    if (words.exact.length === 0) return sql`(select 0::bigint as owner, 0::bigint as id where false)`
    return sql`(select owner, id from ${sql.table(table)} where ${matching(words)} limit ${limit})`
  },
}

/** An owner's texts that are looked at one after the other, before the index of words is asked for all that match. */
const WALKED = 20_000

const matching = (words: Wanted) => sql`words @@ ${tsQuery(words)}::tsquery`
const within = ({ owner, first, below }: TextPage) => sql`owner = ${owner} and id >= ${first} and id < ${below}`

/**
 * The first of a page's texts, without the index of words, which knows no order: in it a word of a million texts means
 * to read them all. What is found among the first ones by looking at them is not asked of it.
 * @returns what matches, up to the page's limit; where it ended, and whether that was all
 */
async function walk(db: AnyDb, table: string, page: TextPage, words: Wanted) {
  const order = page.newest ? sql`desc` : sql`asc`
  const { rows } = await sql<{ id: number; matches: boolean; place: number }>`
    select id, matches, place from (
      select id, ${matching(words)} as matches, row_number() over (order by id ${order}) as place
      from (select id, words from ${sql.table(table)} where ${within(page)} order by id ${order} limit ${WALKED}) as t
    ) as looked where matches or place = ${WALKED} order by id ${order} limit ${page.limit + 1}`.execute(db)
  const last = rows.at(-1)
  return {
    ids: rows.filter((row) => row.matches).map((row) => row.id),
    end: last?.id ?? 0,
    whole: rows.length <= page.limit && last?.place !== WALKED,
  }
}

/** All of a page's texts that match, by the index of words, whatever the database takes for sooner done. */
const indexed = (table: string, page: TextPage, words: Wanted) =>
  sql`with matched as materialized (select id from ${sql.table(table)} where ${within(page)} and ${matching(words)})`
