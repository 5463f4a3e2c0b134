import type { CacheRule, Placeholder, Prepared } from './query.ts'

/** Answers kept of one query; when there are more, all of it are forgotten. */
const KEPT = 16_384
/** Questions with longer lists are hardly asked twice. */
const LIST = 8

interface Answers {
  /** By the parameters. */
  readonly kept: Map<string, readonly unknown[]>
  readonly rule: CacheRule
}

/**
 * Answers of queries that say so (`cache`), kept till somebody writes to their table. Every write of this process
 * passes here before it runs, so nobody has to remember to say that something changed: from then to the commit its
 * transactions read the database, and with the commit the answers are forgotten. Rows are frozen, since many get them.
 */
export class AnswerCache {
  readonly #queries = new Map<Prepared, Answers>()
  readonly #tables = new Map<string, Answers[]>()
  /** What the group of transactions under way has changed: rows by their table, or (undefined) all of it. */
  readonly #changed = new Map<string, Set<string> | undefined>()
  #everything = false
  /** How often a table was written to, and how often it is not known which. */
  readonly #versions = new Map<string, number>()
  #cleared = 0

  /** A number that grows whenever rows of the table have changed. */
  version(table: string): number {
    return this.#cleared + (this.#versions.get(table) ?? 0)
  }

  /** What is kept; undefined when it has to be asked. `inside`: by a transaction under way. */
  get(p: Prepared, rule: CacheRule, params: object, inside: boolean): readonly unknown[] | undefined {
    const answers = this.#queries.get(p)
    if (answers === undefined) return undefined
    const key = keyOf(p, params)
    if (key === undefined || (inside && this.#isChanged(rule, key))) return undefined
    return answers.kept.get(key)
  }

  put(p: Prepared, rule: CacheRule, params: object, rows: unknown[], inside: boolean): void {
    const key = keyOf(p, params)
    if (key === undefined || (inside && this.#isChanged(rule, key))) return
    let answers = this.#queries.get(p)
    if (answers === undefined) {
      answers = { kept: new Map(), rule }
      this.#queries.set(p, answers)
      const list = this.#tables.get(rule.table)
      if (list === undefined) this.#tables.set(rule.table, [answers])
      else list.push(answers)
    }
    if (answers.kept.size >= KEPT) answers.kept.clear()
    for (const row of rows) Object.freeze(row)
    answers.kept.set(key, Object.freeze(rows))
  }

  #isChanged(rule: CacheRule, key: string): boolean {
    if (this.#everything) return true
    if (!this.#changed.has(rule.table)) return false
    const rows = this.#changed.get(rule.table)
    return rows === undefined || !rule.byId || rows.has(key)
  }

  /** A statement is about to change a table: the row with this id, or (undefined) any row of it. */
  writes(table: string | undefined, id: unknown): void {
    if (table === undefined) this.#everything = true
    else if (id === undefined) this.#changed.set(table, undefined)
    else if (!this.#changed.has(table)) this.#changed.set(table, new Set([String(id)]))
    else this.#changed.get(table)?.add(String(id))
  }

  /** The group under way was committed or undone. */
  ended(): void {
    if (this.#everything) this.clear()
    for (const [table, ids] of this.#changed) {
      this.#versions.set(table, (this.#versions.get(table) ?? 0) + 1)
      for (const { kept, rule } of this.#tables.get(table) ?? []) {
        if (ids === undefined || !rule.byId) kept.clear()
        else for (const id of ids) kept.delete(id)
      }
    }
    this.#changed.clear()
    this.#everything = false
  }

  /** Forgets everything: somebody else has written. */
  clear(): void {
    this.#cleared++
    for (const { kept } of this.#queries.values()) kept.clear()
  }
}

/** A query's parameters as one text, in the order of the SQL. */
function keyOf(p: Prepared, params: object): string | undefined {
  let key = ''
  for (const slot of p.slots) {
    if ('constant' in slot) continue
    const value = (params as Record<string, unknown>)[(slot as Placeholder).placeholder]
    if (Array.isArray(value) && value.length > LIST) return undefined
    key = key === '' ? String(value) : `${key} ${value}`
  }
  return key
}
