/** There is no database behind this: see package.json beside it. */
export default class Database {
  constructor() {
    throw new Error('better-sqlite3 is not installed here: keep the session in MemoryStorage')
  }
}
