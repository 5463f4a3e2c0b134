import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import type { Store } from './index.ts'
import { DIALECTS, openTestStore } from './test-store.ts'
import { hasAll, hasWords, indexWords, queryWords } from './words.ts'

const ALL = { first: 0, below: 1000, newest: false, limit: 1000 }

async function withIndex(store: Store) {
  const { d } = store
  await store.transact(async (trx) => {
    await d.createTextIndex(trx, 'found')
  })
  const put = (owner: number, id: number, text: string, peer = 1) =>
    store.transact(async (trx: Kysely<any>) => {
      await d.indexText(trx, 'found', { owner, peer, id, text })
    })
  const find = async (owner: number, query: string, peer?: number) =>
    store.d.matchPage(store.db, 'found', { owner, query, peer, ...ALL })
  return { put, find }
}

for (const dialect of DIALECTS) {
  test(`${dialect}: texts are found by all their words, the last one begun`, async () => {
    await using store = await openTestStore(dialect)
    const { put, find } = await withIndex(store)
    await put(7, 1, 'Hello, wonderful WORLD!')
    await put(7, 2, 'hello there')
    await put(7, 3, 'Привет, мир. Ёлка и чай')
    await put(7, 4, 'crème brûlée, see https://example.com/menu')
    await put(8, 5, 'hello of another owner')
    await put(-1000000000005, 6, 'hello of a channel')
    assert.deepEqual(await find(7, 'hello'), [1, 2])
    assert.deepEqual(await find(7, 'HELLO wor'), [1])
    assert.deepEqual(await find(7, 'wor hello'), [], 'only the last word may be begun')
    assert.deepEqual(await find(7, 'world hello'), [1])
    assert.deepEqual(await find(7, 'wor '), [], 'a space ends the word')
    assert.deepEqual(await find(7, 'приве'), [3])
    assert.deepEqual(await find(7, 'елка'), [3])
    assert.deepEqual(await find(7, 'creme brul'), [4])
    assert.deepEqual(await find(7, 'example.com'), [4])
    assert.deepEqual(await find(8, 'hello'), [5])
    assert.deepEqual(await find(-1000000000005, 'hello'), [6])
    assert.deepEqual(await find(9, 'hello'), [])
  })

  test(`${dialect}: scripts without spaces, and hashtags`, async () => {
    await using store = await openTestStore(dialect)
    const { put, find } = await withIndex(store)
    await put(7, 1, '我们明天去北京吧')
    await put(7, 2, '京北')
    await put(7, 3, 'すごいカメラ')
    await put(7, 4, 'on #Big_News today, $TON up')
    await put(7, 5, 'big news without a tag')
    await put(7, 6, '한국어 문장')
    assert.deepEqual(await find(7, '北京'), [1])
    assert.deepEqual(await find(7, '京'), [1, 2])
    assert.deepEqual(await find(7, 'カメラ'), [3])
    assert.deepEqual(await find(7, '#big_news'), [4])
    assert.deepEqual(await find(7, '#big'), [4])
    assert.deepEqual(await find(7, '$ton'), [4])
    assert.deepEqual(await find(7, 'big news'), [4, 5])
    assert.deepEqual(await find(7, '한국'), [6])
  })

  test(`${dialect}: peers narrow a search; texts are replaced and removed`, async () => {
    await using store = await openTestStore(dialect)
    const { put, find } = await withIndex(store)
    for (let id = 1; id <= 4; id++) await put(7, id, `same words ${id}`, id % 2 === 0 ? -20 : 20)
    assert.deepEqual(await find(7, 'same', 20), [1, 3])
    assert.deepEqual(await find(7, 'same', -20), [2, 4])
    await put(7, 1, 'other words', 20)
    await put(7, 3, '!!', 20)
    assert.deepEqual(await find(7, 'same', 20), [])
    assert.deepEqual(await find(7, 'other'), [1])
    await store.transact((trx) => store.d.unindexText(trx, 'found', 7, [1, 2, 99]))
    assert.deepEqual(await find(7, 'words'), [4])
    await put(7, 5, '...')
    await put(7, 6, 'more words')
    await put(7, 3, 'words again')
    await put(7, 5, 'words at last')
    assert.deepEqual(await find(7, 'words'), [3, 4, 5, 6])
  })

  test(`${dialect}: texts of all channels are found, and of nobody else`, async () => {
    await using store = await openTestStore(dialect)
    const { put } = await withIndex(store)
    const db: Kysely<any> = store.db
    const find = async (query: string, limit = 10) => {
      const matched = await store.d.matchChannels(db, 'found', query, limit)
      return db.selectFrom(matched.as('m')).selectAll().orderBy('id').execute()
    }
    await put(7, 1, 'hello of a person')
    await put(-1000000000005, 2, 'hello of a channel')
    await put(-1000000000006, 3, 'hello of another')
    assert.deepEqual(await find('hello'), [
      { owner: -1000000000005, id: 2 },
      { owner: -1000000000006, id: 3 },
    ])
    assert.equal((await find('hello', 1)).length, 1)
    assert.deepEqual(await find('...'), [])
  })

  test(`${dialect}: a page has the first of those that match in its order, and counts no more than it may have`, async () => {
    await using store = await openTestStore(dialect)
    const { put } = await withIndex(store)
    for (let id = 1; id <= 40; id++) {
      await put(id % 4 === 0 ? 8 : 7, id, id % 2 === 0 ? 'even common' : 'odd commonly', id % 5 === 0 ? 50 : 20)
    }
    const page = { owner: 7, query: 'common', first: 0, below: 1000, newest: true, limit: 4 }
    const match = (more: object) => store.d.matchPage(store.db, 'found', { ...page, ...more })
    const count = (more: object) => store.d.countMatches(store.db, 'found', { ...page, limit: 1000, ...more })
    assert.deepEqual(await match({}), [39, 38, 37, 35])
    assert.deepEqual(await match({ newest: false }), [1, 2, 3, 5])
    assert.deepEqual(await match({ below: 35 }), [34, 33, 31, 30])
    assert.deepEqual(await match({ first: 31, below: 35 }), [34, 33, 31])
    assert.deepEqual(await match({ first: 30, newest: false, limit: 2 }), [30, 31])
    assert.deepEqual(await match({ query: 'common ' }), [38, 34, 30, 26], 'a space ends the word')
    assert.deepEqual(await match({ query: 'odd comm', peer: 50 }), [35, 25, 15, 5])
    assert.deepEqual(await match({ query: 'even commonly' }), [])
    assert.deepEqual(await match({ first: 41 }), [])
    assert.deepEqual(await match({ first: 35, below: 35 }), [])
    assert.deepEqual(await match({ owner: 8, limit: 2 }), [40, 36])
    const counts = [
      {},
      { limit: 7 },
      { first: 31 },
      { below: 11 },
      { query: 'odd' },
      { peer: 50 },
      { query: 'x' },
      { query: '!' },
    ]
    const counted = []
    for (const more of counts) counted.push(await count(more))
    assert.deepEqual(counted, [30, 7, 7, 8, 20, 6, 0, 0])
  })

  test(`${dialect}: a beginning that very many words have, and one that few texts of many have`, async () => {
    await using store = await openTestStore(dialect)
    const { put, find } = await withIndex(store)
    await store.transact(async (trx) => {
      for (let id = 1; id <= 600; id++) {
        const text = `prefix${id} pref${id % 3} po`
        await store.d.indexText(trx, 'found', { owner: 7, peer: 1, id, text })
      }
    })
    const ids = (holds: (id: number) => boolean) => Array.from({ length: 600 }, (_, i) => i + 1).filter(holds)
    for (const query of ['p', 'po', 'pre', 'pref', 'prefix']) {
      assert.deepEqual(await find(7, query), query === 'p' ? [] : ids(() => true), query)
    }
    assert.deepEqual(
      await find(7, 'prefix12'),
      ids((id) => String(id).startsWith('12')),
    )
    assert.deepEqual(
      await find(7, 'pref1 prefix30'),
      ids((id) => id % 3 === 1 && String(id).startsWith('30')),
    )
    assert.deepEqual(await find(7, 'prefixx'), [])
    await put(7, 601, 'ｐｒｅｆｉｘ 𐐨𐐨𐐨𐐨𐐨 😀')
    assert.deepEqual(await find(7, 'prefix '), [601])
    assert.deepEqual(await find(7, '𐐨𐐨𐐨𐐨'), [601])
  })

  test(`${dialect}: a word that only old texts have is found, and counted, behind tens of thousands without it`, async () => {
    await using store = await openTestStore(dialect)
    await withIndex(store)
    const { d, db } = store
    const page = { owner: 7, first: 0, below: 1e6, newest: true, limit: 3 }
    // In bulk, as they would be after a text each.
    await store.transact(async (trx) => {
      const many = 21_000
      const words = sql`case when i <= 500 then 'old' when i % 2 = 0 then 'even' else 'odd' end`
      const numbers = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${many})`
      if (dialect === 'postgres') {
        await sql`${numbers} insert into found (owner, id, peer, words)
          select 7, i, 1, array_to_tsvector(array[${words}, '§o7', '§p1']) from n`.execute(trx)
        return
      }
      await sql`${numbers} insert into found (row, owner, id, peer) select i, 7, i, 1 from n`.execute(trx)
      await sql`${numbers} insert into found_fts (rowid, words) select i, ${words} || ' §o7 §p1' from n`.execute(trx)
    })
    const match = (query: string, more: object = {}) => d.matchPage(db, 'found', { ...page, query, ...more })
    const count = (query: string, limit: number) => d.countMatches(db, 'found', { ...page, query, limit })
    assert.deepEqual(await match('old'), [500, 499, 498])
    assert.deepEqual(await match('old', { newest: false }), [1, 2, 3])
    assert.deepEqual(await match('even', { newest: false }), [502, 504, 506])
    assert.deepEqual(await match('even', { below: 504, limit: 5 }), [502])
    assert.deepEqual(
      await match('odd', { limit: 20_000 }),
      Array.from({ length: 10_250 }, (_, i) => 20_999 - i * 2),
    )
    assert.deepEqual([await count('old', 1000), await count('old', 100)], [500, 100])
    assert.deepEqual([await count('odd', 12_000), await count('even', 10_200)], [10_250, 10_200])
  })

  test(`${dialect}: no query breaks out of its quotes`, async () => {
    await using store = await openTestStore(dialect)
    const { put, find } = await withIndex(store)
    await put(7, 1, 'plain text near or not and')
    const queries = [
      `"`,
      `' or 1=1 --`,
      'text* OR x',
      'NEAR(a b)',
      '\\',
      ':*',
      '§o8',
      'a"b',
      '\0',
      "'plain' & !text",
      '%',
    ]
    for (const query of queries) await find(7, query)
    assert.deepEqual(await find(7, 'NOT plain AND'), [1])
    assert.deepEqual(await find(7, '"plain"'), [1])
    assert.deepEqual(await find(7, '...'), [])
    assert.deepEqual(await find(7, ''), [])
    assert.deepEqual(await find(7, 'x'.repeat(100_000)), [])
  })
}

test('words: one text is told to have all of a query as the index tells it', () => {
  const text = 'Crème brûlée #Big_News 北京'
  const has = ['creme', 'cre', 'brulee CREM', '#big_news', '#big', 'news big', '京', '北京', 'creme ']
  const hasNot = ['cre ', 'rulee', 'cre brulee', '京北', '#news', '', '...']
  assert.deepEqual(
    has.filter((query) => !hasAll(text, query)),
    [],
  )
  assert.deepEqual(
    hasNot.filter((query) => hasAll(text, query)),
    [],
  )
})

test('words: what is indexed and asked for is bounded', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `w${i}`).join(' ')
  assert.equal(indexWords(many).length, 1000)
  assert.equal(queryWords(many).exact.length, 16)
  assert.equal(indexWords('y'.repeat(500))[0]!.length, 48)
  assert.deepEqual(queryWords('a'), { exact: ['a'], prefix: undefined })
  assert.deepEqual(queryWords('Ab'), { exact: [], prefix: 'ab' })
  assert.equal(hasWords(' .,!'), false)
  assert.equal(hasWords('é'), true)
  for (const word of [...indexWords('a"b\'c\\d *e* §f'), ...queryWords('§o1 "x').exact])
    assert.match(word, /^[a-z0-9]+$/)
})
