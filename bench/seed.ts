// Fills a server's database, while no server runs on it, with more than a load could bring about through the API in the
// time a measurement may take: a supergroup of 200,000 members with 1,000,000 messages, and an account of 5,000 dialogs.
// Rows are as the server writes them, in the text index, too, which the server would fill at the first search.
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { CHANNEL_WORD, indexWords, scopeWord } from '../src/storage/words.ts'
import type { World } from './accounts.ts'

/** What a message has in the columns that must have something, if it is nothing but a text. */
const PLAIN = {
  out: 0,
  edit_hide: 0,
  media_kind: 0,
  mentioned: 0,
  media_unread: 0,
  silent: 0,
  pinned: 0,
  noforwards: 0,
  invert_media: 0,
  from_scheduled: 0,
  reacted: 0,
  unseen: 0,
}

/** With those that are there, and room for some to join. */
/** With those who signed up for the load, somewhat below 200,000: some more come and go. */
export const MEMBERS = 198_700
export const MESSAGES = 1_000_000
export const DIALOGS = 5_000
/** Ids of the accounts made here begin above those of the load. */
export const FIRST_USER = 10_000_000
export const CHANNEL_BASE = -1_000_000_000_000
/** One in so many messages has a word, and a link. */
export const RARE = 5_000
/** So many words make up the messages' text. */
const WORDS = 2_000

export type Row = Record<string, string | number | null | Uint8Array>

export function insert(db: DatabaseSync, table: string, row: Row): StatementSync {
  const columns = Object.keys(row)
  return db.prepare(`insert into "${table}" (${columns.join(',')}) values (${columns.map((c) => `:${c}`).join(',')})`)
}

/** A word for a number: letters only. */
export function word(n: number): string {
  let text = ''
  for (let left = n + 26; left > 0; left = Math.floor(left / 26)) text += String.fromCharCode(97 + (left % 26))
  return `w${text}`
}

export const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds

/** Members and messages for the world's supergroup. */
export function seedChannel(dataDir: string, world: World, members = MEMBERS, messages = MESSAGES): void {
  const db = new DatabaseSync(join(dataDir, 'chappe.db'))
  try {
    db.exec('pragma synchronous = off; pragma cache_size = -200000; begin')
    const { id } = world.supergroup!
    const peer = CHANNEL_BASE - id
    seedMembers(db, id, members)
    const top = seedMessages(db, peer, world, messages)
    db.prepare(
      'update channel set members = members + ?, messages = messages + ?, top_message = ?, top_date = ? where id = ?',
    ).run(members, messages, top, ago(0), id)
    db.prepare('update box set message_id = ? where owner = ?').run(top, peer)
    db.prepare('update dialog set read_inbox = ? where peer = ? and owner = ?').run(
      top,
      peer,
      world.accounts[0]!.userId,
    )
    db.exec('commit; pragma wal_checkpoint(truncate)')
  } finally {
    db.close()
  }
}

function seedMembers(db: DatabaseSync, channel: number, count: number): void {
  const created = ago(3e7)
  const person = (i: number): Row => ({
    id: FIRST_USER + i,
    phone: `8${String(i).padStart(10, '0')}`,
    first_name: `Member${i % 1000}`,
    last_name: word(i % 5000),
    bot: i % 2000 === 7 ? 1 : 0,
    online_until: i % 50 === 3 ? ago(-1e6) : 0,
    created_at: created,
  })
  const people = insert(db, 'user', person(0))
  for (let i = 0; i < count; i++) people.run(person(i))
  const box = (i: number): Row => ({ owner: FIRST_USER + i, pos: 1, pts: 1, qts: 0, date: created, message_id: 0 })
  const boxes = insert(db, 'box', box(0))
  for (let i = 0; i < count; i++) boxes.run(box(i))
  const member = (i: number): Row => ({
    channel_id: channel,
    user_id: FIRST_USER + i,
    inviter: FIRST_USER + i,
    date: created + i,
    state: 0,
  })
  const rows = insert(db, 'channel_member', member(0))
  for (let i = 0; i < count; i++) rows.run(member(i))
}

function seedMessages(db: DatabaseSync, peer: number, world: World, count: number): number {
  const { message_id: last } = db.prepare('select message_id from box where owner = ?').get(peer) as {
    message_id: number
  }
  const { top: lastOrigin } = db.prepare('select max(origin) as top from message').get() as { top: number }
  const message = (i: number): Row => {
    const from = i % 100 === 0 ? world.accounts[1]!.userId : FIRST_USER + (i % 10_000)
    const rare = i % RARE === 0
    return {
      owner: peer,
      id: last + 1 + i,
      peer,
      from_id: from,
      origin: lastOrigin + 1 + i,
      date: ago((count - i) * 10),
      text: `common ${word(i % WORDS)} ${word((i * 7) % WORDS)}${rare ? ` needle${i}` : ''}`,
      ...PLAIN,
      media_kind: i % 200 === 0 ? 8 : 0,
      sender: from,
    }
  }
  const rows = insert(db, 'message', message(0))
  const indexed = db.prepare('insert into message_text (owner, id, peer) values (?, ?, ?) returning row')
  const words = db.prepare('insert into message_text_fts (rowid, words) values (?, ?)')
  const scopes = [scopeWord('o', peer), scopeWord('p', peer), CHANNEL_WORD]
  for (let i = 0; i < count; i++) {
    const row = message(i)
    rows.run(row)
    const { row: at } = indexed.get(peer, row.id!, peer) as { row: number }
    const own = [...indexWords(row.text as string), ...scopes, scopeWord('f', row.from_id as number)]
    words.run(at, own.join(' '))
  }
  db.prepare('insert into message_indexed (owner, max_id) values (?, ?)').run(peer, last + count)
  return last + count
}

/** Dialogs of the first account with people, each of one message. */
export function seedDialogs(dataDir: string, world: World, count = DIALOGS): void {
  const db = new DatabaseSync(join(dataDir, 'chappe.db'))
  try {
    db.exec('pragma synchronous = off; begin')
    const owner = world.accounts[0]!.userId
    const { message_id: last } = db.prepare('select message_id from box where owner = ?').get(owner) as {
      message_id: number
    }
    const { top: lastOrigin } = db.prepare('select max(origin) as top from message').get() as { top: number }
    const message = (i: number): Row => ({
      owner,
      id: last + 1 + i,
      peer: FIRST_USER + i,
      from_id: FIRST_USER + i,
      origin: lastOrigin + 1 + i,
      date: ago((count - i) * 10),
      text: `hello ${word(i % WORDS)}`,
      ...PLAIN,
    })
    const dialog = (i: number): Row => ({
      owner,
      peer: FIRST_USER + i,
      top_message: last + 1 + i,
      top_date: ago((count - i) * 10),
      unread: 1,
      messages: 1,
    })
    const [messages, dialogs] = [insert(db, 'message', message(0)), insert(db, 'dialog', dialog(0))]
    for (let i = 0; i < count; i++) {
      messages.run(message(i))
      dialogs.run(dialog(i))
    }
    db.prepare('update box set message_id = ? where owner = ?').run(last + count, owner)
    db.exec('commit; pragma wal_checkpoint(truncate)')
  } finally {
    db.close()
  }
}
