import { type SelectQueryBuilder, sql } from 'kysely'
import { bareId } from './domain/peers.ts'
import { mostUsed } from './domain/usage.ts'
import type { App } from './rpc/app.ts'
import { systemCtx } from './rpc/context.ts'
import type { Tables } from './storage/index.ts'

// What an operator sees of a server in figures. Everything is counted where there is one row for many (dialogs know
// how many messages are in them), so that asking does not hold up a large server.

/** Posts and pieces of music shown of those used most. */
const SHOWN = 20

type Counted = SelectQueryBuilder<Tables, any, Record<string, number | string | null>>

async function sums(from: Counted): Promise<Record<string, number>> {
  const row = await from.executeTakeFirstOrThrow()
  // Sums of integers come as text from PostgreSQL, and as null where there is nothing to add.
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)]))
}

function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024
    unit++
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`
}

async function databaseSize(app: App): Promise<number> {
  const { db, dialect } = app.store
  const ask =
    dialect === 'postgres'
      ? sql<{ size: string }>`select pg_database_size(current_database()) as size`
      : sql<{ size: number }>`select page_count * page_size as size from pragma_page_count, pragma_page_size`
  const { rows } = await ask.execute(db)
  return Number(rows[0]!.size)
}

/** Accounts, messages, files, work that waits: lines of a name and its figure. */
export async function figures(app: App): Promise<string[]> {
  const { db } = app.store
  const now = Math.floor(app.clock.now() / 1000)
  const count = sql<number>`count(*)`
  const when = (condition: string) => sql<number>`sum(case when ${sql.raw(condition)} then 1 else 0 end)`
  const users = await sums(
    db
      .selectFrom('user')
      .select([
        when('deleted = 0 and bot = 0').as('people'),
        when('deleted = 0 and bot = 1').as('bots'),
        when('deleted = 1').as('deleted'),
        sql<number>`sum(case when online_until > ${now} then 1 else 0 end)`.as('online'),
      ]) as unknown as Counted,
  )
  const devices = await sums(
    db.selectFrom('auth_key').select(count.as('n')).where('user_id', 'is not', null) as unknown as Counted,
  )
  const groups = await sums(
    db.selectFrom('chat').select(count.as('n')).where('deactivated', '=', 0) as unknown as Counted,
  )
  const channels = await sums(
    db
      .selectFrom('channel')
      .select([when('megagroup = 0').as('broadcast'), when('megagroup = 1').as('mega')])
      .select((eb) => eb.fn.sum('messages').as('messages'))
      .where('deleted', '=', 0) as unknown as Counted,
  )
  const dialogs = await sums(
    db
      .selectFrom('dialog')
      .select(count.as('n'))
      .select((eb) => eb.fn.sum('messages').as('messages')) as unknown as Counted,
  )
  const documents = await sums(
    db
      .selectFrom('document')
      .select([count.as('n'), sql<number>`count(distinct blob_key)`.as('kept')])
      .select((eb) => eb.fn.sum('size').as('bytes')) as unknown as Counted,
  )
  const photos = await sums(db.selectFrom('photo').select(count.as('n')) as unknown as Counted)
  const uploads = await sums(
    db
      .selectFrom('upload')
      .select(count.as('n'))
      .select((eb) => eb.fn.sum('bytes').as('bytes')) as unknown as Counted,
  )
  const jobs = await sums(
    db
      .selectFrom('job')
      .select([count.as('n'), sql<number>`sum(case when due_at <= ${now} then 1 else 0 end)`.as('due')])
      .select((eb) => eb.fn.max('attempts').as('attempts')) as unknown as Counted,
  )
  const connected = [...app.hub.accounts()].length
  const lines: [string, string | number][] = [
    ['accounts', `${users.people} people, ${users.bots} bots, ${users.deleted} deleted`],
    ['online', `${users.online} say so, ${connected} connected to this node`],
    ['devices', devices.n!],
    ['basic groups', groups.n!],
    ['channels', `${channels.broadcast} channels, ${channels.mega} supergroups`],
    ['dialogs', dialogs.n!],
    ['messages', `${dialogs.messages} in accounts' copies, ${channels.messages} in channels and supergroups`],
    ['documents', `${documents.n} (${documents.kept} kept), ${size(documents.bytes!)} as they were sent`],
    ['photos', photos.n!],
    ['uploads', `${uploads.n} not used yet, ${size(uploads.bytes!)}`],
    ['jobs', `${jobs.n} wait, ${jobs.due} of them due, tried up to ${jobs.attempts} times`],
    ['database', `${app.store.dialect}, ${size(await databaseSize(app))}`],
  ]
  const width = Math.max(...lines.map(([name]) => name.length)) + 2
  return lines.map(([name, figure]) => `${name.padEnd(width)}${figure}`)
}

/** Which posts were on screens longest, and which music was listened to longest, as clients report it. */
export async function usage(app: App): Promise<string[]> {
  const { posts, music } = await mostUsed(systemCtx(app), SHOWN)
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  return [
    'channel\tpost\tviews\tseconds\tactive\tseen',
    ...posts.map((row) => {
      const seen = `${Math.round(row.seen / row.views / 10)} %`
      return [bareId(row.owner), row.message_id, row.views, seconds(row.shown_ms), seconds(row.active_ms), seen].join(
        '\t',
      )
    }),
    'music\tlistens\tseconds',
    ...music.map((row) => [row.document_id, row.listens, row.seconds].join('\t')),
  ]
}
