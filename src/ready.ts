import { sql } from 'kysely'
import type { App } from './rpc/app.ts'

/**
 * What is amiss although requests are answered: without its files a server still carries messages, and a node that does
 * not hear the others reads the database instead. To call it unready would take all nodes away when the bus is down.
 * @throws Error when nothing can be answered, since the database does not
 */
export async function readiness(app: App, limitMs: number): Promise<string[]> {
  const [database, blobs] = await Promise.allSettled([
    within(limitMs, 'the database', sql`select 1`.execute(app.store.db)),
    within(limitMs, 'the store of files', app.blobs.ready()),
  ])
  if (database.status === 'rejected') {
    app.log.warn({ err: database.reason }, 'not ready')
    throw new Error('the database does not answer')
  }
  const amiss: string[] = []
  if (blobs.status === 'rejected') {
    app.log.warn({ err: blobs.reason }, 'files are out of reach')
    amiss.push('the store of files does not answer')
  }
  if (!app.nodes.connected) amiss.push('the bus between the nodes is cut')
  return amiss
}

async function within(ms: number, what: string, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} does not answer in time`)), ms)
  })
  await Promise.race([done, late]).finally(() => clearTimeout(timer))
}
