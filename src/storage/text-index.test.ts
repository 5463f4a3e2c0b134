import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kysely } from 'kysely'
import type { Store } from './index.ts'
import { DIALECTS, openTestStore } from './test-store.ts'
import { hasWords, indexWords, queryWords } from './words.ts'

async function withIndex(store: Store) {
  const { d } = store
  await store.transact(async (trx) => {
    await d.createTextIndex(trx, 'found')
    await d
      .createTable(trx, 'note')
      .addColumn('id', d.id, (c) => c.primaryKey().notNull())
      .execute()
  })
  const put = (owner: number, id: number, text: string, peer = 1) =>
    store.transact(async (trx: Kysely<any>) => {
      await trx
        .insertInto('note')
        .values({ id })
        .onConflict((c: any) => c.doNothing())
        .execute()
      await d.indexText(trx, 'found', { owner, peer, id, text })
    })
  const find = async (owner: number, query: string, peer?: number) => {
    const db: Kysely<any> = store.db
    const ids = db
      .selectFrom('note')
      .select('id')
      .where('id', 'in', d.matchText(db, 'found', owner, query, peer))
    return (await ids.orderBy('id').execute()).map((row) => row.id as number)
  }
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
    await put(7, 2, 'words again')
    assert.deepEqual(await find(7, 'words'), [2, 4])
  })

  test(`${dialect}: texts of all channels are found, and of nobody else`, async () => {
    await using store = await openTestStore(dialect)
    const { put } = await withIndex(store)
    const db: Kysely<any> = store.db
    const find = async (query: string, limit = 10) => {
      const matched = store.d.matchChannels(db, 'found', query, limit)
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
