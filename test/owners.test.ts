// On a distributed PostgreSQL a statement should go to one owner's node. docs/nodes.md says by what each hot table is
// distributed, and names the statements of the hot path that touch several owners; here both are checked.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as nodeTest } from 'node:test'
import pg from 'pg'
import { accessHash } from '../src/domain/hashes.ts'
import { Context } from '../src/rpc/context.ts'
import { DIALECTS, freshDatabase } from '../src/storage/test-store.ts'
import { test as harnessTest, type Person, startTestServer } from './harness/index.ts'
import { type Said, statementsDuring } from './harness/statements.ts'

const here = DIALECTS.includes('postgres')
const test: typeof harnessTest = here ? harnessTest : (name) => void nodeTest.skip(name, () => {})

const page = readFileSync(join(import.meta.dirname, '../docs/nodes.md'), 'utf8')

/** The rows of a table of the page, found by its first heading: the texts of their cells, without marks. */
function rowsOf(heading: string): string[][] {
  const from = page.indexOf(`| ${heading} |`)
  assert.ok(from >= 0, `docs/nodes.md has no table headed ${heading}`)
  const lines = page.slice(from).split('\n\n', 1)[0]!.split('\n').slice(2)
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  )
}

/** Hot table to what it is distributed by. */
const keys = () =>
  new Map(rowsOf('Table').flatMap(([tables, key]) => tables!.split(', ').map((t) => [t, key!] as const)))

/** What crosses owners, as the page names it: `verb table`. */
const named = () => new Set(rowsOf('Statement').map(([name]) => name!))

test('every hot table is kept by its owner', async () => {
  await using database = await freshDatabase('postgres')
  const url = new URL(database.address)
  url.searchParams.delete('pool')
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  const { rows } = await client.query<{ table: string; column: string; position: string }>(`
    select c.table_name as table, c.column_name as column, k.ordinal_position as position
    from information_schema.columns c
    join information_schema.table_constraints t
      on t.table_schema = 'public' and t.table_name = c.table_name and t.constraint_type = 'PRIMARY KEY'
    join information_schema.key_column_usage k
      on k.constraint_name = t.constraint_name and k.table_name = c.table_name and k.column_name = c.column_name
    where c.table_schema = 'public'`)
  await client.end()
  const first = new Map(rows.filter((r) => Number(r.position) === 1).map((r) => [r.table, r.column]))
  for (const [table, key] of keys()) assert.equal(first.get(table), key, `the key of ${table} begins with ${key}`)
})

/** How a statement crosses owners; undefined for one that goes to one of them, or to no hot table. */
function crossing({ text, values }: Said, by: Map<string, string>): string | undefined {
  const verb = /^\s*(?:with .*? )?(select|insert|update|delete)/i.exec(text)?.[1]?.toLowerCase()
  const tables = [...text.matchAll(/(?:from|join|into|update) "(\w+)"/gi)].map((m) => m[1]!).filter((t) => by.has(t))
  if (!verb || tables.length === 0) return undefined
  const owners = new Set<unknown>()
  let open = false
  for (const table of tables) {
    const key = by.get(table)!
    const equal = [...text.matchAll(new RegExp(`"${key}" = \\$(\\d+)`, 'g'))].map((m) => values[Number(m[1]) - 1])
    const listed = [...text.matchAll(new RegExp(`"${key}" = any\\(\\$(\\d+)`, 'g'))]
    const spread = [...text.matchAll(new RegExp(`"${key}" in \\(((?:\\$\\d+(?:, )?)+)\\)`, 'g'))]
    const inserted = verb === 'insert' && table === tables[0] ? insertedKeys(text, values, key) : []
    const found = [
      ...equal,
      ...listed.flatMap((m) =>
        String(values[Number(m[1]) - 1])
          .replace(/[{}]/g, '')
          .split(','),
      ),
      ...spread.flatMap((m) => [...m[1]!.matchAll(/\d+/g)].map((n) => values[Number(n[0]) - 1])),
      ...inserted,
    ]
    for (const owner of found) owners.add(String(owner))
    // A join carries the key over from the table it is joined to.
    if (found.length === 0 && !new RegExp(`"${key}" = "\\w+"\\."`).test(text)) open = true
  }
  return open || owners.size > 1 ? `${verb} ${tables[0]}` : undefined
}

function insertedKeys(text: string, values: readonly unknown[], key: string): unknown[] {
  const [, columns, rows] = /\((("\w+"(?:, )?)+)\) values (.*)/is.exec(text)?.slice(0, 4) ?? []
  const at = columns?.split(', ').indexOf(`"${key}"`) ?? -1
  const list = /values (.*?)(?: on conflict| returning|$)/is.exec(text)?.[1]
  if (at < 0 || !list || rows === undefined) return []
  return [...list.matchAll(/\(([^()]*)\)/g)].map((m) => {
    const cell = m[1]!.split(', ')[at]!
    return cell.startsWith('$') ? values[Number(cell.slice(1)) - 1] : cell
  })
}

test('no statement of the hot path touches two owners but those that docs/nodes.md names', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  await alice.say(bob, 'first')
  await bob.say(alice, 'first')
  const opened = await alice.call('channels.createChannel', { title: 'Group', about: '', megagroup: true })
  const { id } = (opened as unknown as { chats: { id: number }[] }).chats[0]!
  const channelOf = (who: Person) => {
    const hash = accessHash(new Context(server.app, who.id), 'channel', id)
    return { channelId: id, accessHash: hash }
  }
  const users = [alice.userOf(bob), alice.userOf(carol)]
  await alice.call('channels.inviteToChannel', { channel: { _: 'inputChannel', ...channelOf(alice) }, users })
  const made = await alice.call('messages.createChat', { title: 'Chat', users })
  const chat = (made as unknown as { updates: { chats: { id: number }[] } }).updates.chats[0]!
  const state = await bob.call('updates.getState', {})
  await server.quiet()

  const random = () => randomBytes(8).readBigInt64LE()
  const history = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: 0n }
  const toChannel = { _: 'inputPeerChannel' as const, ...channelOf(alice) }
  const toChat = { _: 'inputPeerChat' as const, chatId: chat.id }
  const acts: Record<string, () => Promise<unknown>> = {
    'a private message': () => alice.say(bob, 'hello'),
    'a message to a basic group': () => alice.say(toChat, 'hello'),
    'a post': () => alice.say(toChannel, 'hello'),
    'a history': () => bob.call('messages.getHistory', { peer: bob.peerOf(alice), ...history }),
    'a difference': () => bob.call('updates.getDifference', { pts: state.pts, qts: state.qts, date: state.date }),
    'a history that was read': async () => {
      const maxId = await alice.say(bob, 'to be read')
      await server.quiet()
      await bob.call('messages.readHistory', { peer: bob.peerOf(alice), maxId: maxId + 1000 })
    },
    'a post sent again': async () => {
      const randomId = random()
      await alice.call('messages.sendMessage', { peer: toChannel, message: 'twice', randomId })
    },
  }
  const by = keys()
  const found = new Map<string, string>()
  for (const [what, act] of Object.entries(acts)) {
    const said = await statementsDuring(async () => {
      await act()
      await server.quiet()
    })
    assert.ok(said.length > 0, what)
    for (const one of said) {
      const name = crossing(one, by)
      if (name) found.set(name, `${what}: ${one.text}`)
    }
  }
  const known = named()
  for (const [name, where] of found) assert.ok(known.has(name), `${name} is not named on the page: ${where}`)
  for (const name of known) assert.ok(found.has(name), `${name} is named on the page and was not seen`)
})
