import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listHash } from './list-hash.ts'
import { type Page, pageLimit, readPage } from './pagination.ts'

/** A list of these ids, the newest first; each one's date is ten times its id. */
function list(ids: number[]) {
  return (page: Page) => {
    const before = (id: number) =>
      page.offsetId > 0 ? id < page.offsetId : page.offsetDate ? id * 10 < page.offsetDate : true
    return readPage(page, {
      older: async (skip, limit) =>
        ids
          .filter(before)
          .slice(skip, skip + limit)
          .map((id) => ({ id })),
      newer: async (skip, limit) =>
        ids
          .filter((id) => !before(id))
          .reverse()
          .slice(skip, skip + limit)
          .map((id) => ({ id })),
    })
  }
}

const IDS = [100, 90, 80, 70, 60, 50, 40, 30, 20, 10]
const CASES: [what: string, page: Partial<Page>, expected: number[]][] = [
  ['the newest', { limit: 3 }, [100, 90, 80]],
  ['older than an id', { offsetId: 80, limit: 3 }, [70, 60, 50]],
  ['older than an id that is not there', { offsetId: 75, limit: 2 }, [70, 60]],
  ['a number of them further', { offsetId: 80, addOffset: 2, limit: 2 }, [50, 40]],
  ['further, from the beginning', { addOffset: 8, limit: 5 }, [20, 10]],
  ['beyond the end', { addOffset: 10, limit: 5 }, []],
  ['far beyond the end', { addOffset: 2_000_000_000, limit: 5 }, []],
  ['newer than an id, with it', { offsetId: 50, addOffset: -3, limit: 3 }, [70, 60, 50]],
  ['around an id', { offsetId: 50, addOffset: -2, limit: 4 }, [60, 50, 40, 30]],
  ['newer, further away', { offsetId: 30, addOffset: -4, limit: 2 }, [60, 50]],
  ['what begins before the list is lost', { offsetId: 90, addOffset: -5, limit: 4 }, [100]],
  ['far before the list', { offsetId: 90, addOffset: -2_000_000_000, limit: 4 }, []],
  ['all of it before the list', { offsetId: 100, addOffset: -9, limit: 3 }, []],
  ['before the beginning without an offset', { addOffset: -2, limit: 5 }, [100, 90, 80]],
  ['around the oldest', { offsetId: 10, addOffset: -1, limit: 5 }, [10]],
  ['older than a date', { offsetDate: 800, limit: 2 }, [70, 60]],
  ['around a date', { offsetDate: 800, addOffset: -1, limit: 2 }, [80, 70]],
  ['an id counts before a date', { offsetId: 30, offsetDate: 800, limit: 1 }, [20]],
  ['max_id thins the page out', { limit: 4, maxId: 90 }, [80, 70]],
  ['min_id thins the page out', { limit: 4, minId: 80 }, [100, 90]],
  ['both', { limit: 10, maxId: 60, minId: 30 }, [50, 40]],
  ['max_id does not move the page', { limit: 3, maxId: 50 }, []],
  ['no limit is some', { limit: 0 }, IDS],
]

test('pages of a list', async () => {
  for (const [what, page, expected] of CASES) {
    const rows = await list(IDS)({ offsetId: 0, addOffset: 0, limit: 0, ...page })
    assert.deepEqual(
      rows.map((r) => r.id),
      expected,
      what,
    )
  }
})

test('limits', () => {
  assert.deepEqual(
    [-1, 0, 1, 100, 101, 2 ** 31 - 1].map((l) => pageLimit(l)),
    [20, 20, 1, 100, 100, 100],
  )
  assert.equal(pageLimit(0, 10), 10)
})

test('the hash of a list of ids', () => {
  assert.equal(listHash([]), 0n)
  assert.equal(listHash([1]), 1n)
  // By hand: 1 ^ 1<<35 ^ (…)>>4, plus 2.
  assert.equal(listHash([1, 2]), (1n ^ (1n << 35n) ^ ((1n ^ (1n << 35n)) >> 4n)) + 2n)
  assert.notEqual(listHash([1, 2]), listHash([2, 1]))
  assert.ok(listHash([2n ** 62n, 5, 2n ** 62n]) < 2n ** 63n)
})
