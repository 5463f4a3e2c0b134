// A throw-away PostgreSQL for a figure, as tools/postgres.sh starts it: in memory where there is room, without fsync.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = join(import.meta.dirname, '../tools/postgres.sh')

export interface Postgres extends AsyncDisposable {
  url: string
  /** The process whose children serve the connections. */
  pid: number
}

export async function startPostgres(): Promise<Postgres> {
  const env = { ...process.env, CHAPPE_POSTGRES_NAME: `chappe-bench-${process.pid}` }
  const url = (await run(script, ['start'], { env })).stdout.trim()
  const stop = async () => void (await run(script, ['stop'], { env }))
  try {
    const dir = await directoryOf(url)
    const pid = Number(readFileSync(join(dir, 'postmaster.pid'), 'latin1').split('\n')[0])
    return { url, pid, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function directoryOf(url: string): Promise<string> {
  const { default: pg } = await import('pg')
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<{ data_directory: string }>('show data_directory')).rows[0]!.data_directory
  } finally {
    await client.end()
  }
}
