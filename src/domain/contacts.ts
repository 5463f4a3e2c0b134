import type { Selectable } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import { ownUser } from './access.ts'
import { contactSettings } from './contact-settings.ts'
import { atRest } from './message-view.ts'
import './people-facts.ts'
import { sendNotice } from './send.ts'
import { contactRow, contactRows } from './users.ts'

export type SavedContactRow = Selectable<Tables['saved_contact']>

/** Accounts that are told when a number of their address books signs up. */
const TOLD = 1000
/** Length of a contact's note, in UTF-16 code units: `contact_note_length_limit` of the client configuration. */
export const NOTE_LENGTH = 128

const writeContact = query<{
  owner: number
  user: number
  first: string
  last: string
  phone: string
  note: Uint8Array | null
  now: number
}>()((db, p) =>
  db
    .insertInto('contact')
    .values({
      owner: p.owner,
      user_id: p.user,
      first_name: p.first,
      last_name: p.last,
      phone: p.phone,
      note: p.note,
      photo_id: null,
      created_at: p.now,
    })
    .onConflict((c) =>
      c.columns(['owner', 'user_id']).doUpdateSet((eb) => ({
        first_name: eb.ref('excluded.first_name'),
        last_name: eb.ref('excluded.last_name'),
        phone: eb.ref('excluded.phone'),
        note: eb.ref('excluded.note'),
      })),
    ),
)
const waiting = query<{ phone: string; limit: number }>()((db, p) =>
  db.selectFrom('saved_contact').selectAll().where('phone', '=', p.phone).orderBy('owner').limit(p.limit),
)
/** What an account keeps of a contact. Absent fields stay as they were. */
export interface KeptContact {
  firstName: string
  lastName: string
  /** Digits only. */
  phone?: string | undefined
  note?: tl.TextWithEntities | undefined
}

/** The digits of a phone number, or undefined for what cannot be one. */
export function phoneDigits(raw: string): string | undefined {
  if (raw.length > 64) return undefined
  const digits = raw.replace(/\D/g, '').replace(/^00/, '')
  return digits.length >= 5 && digits.length <= 20 ? digits : undefined
}

/**
 * Keeps a user in an account's contacts, or changes how they are kept: rows, and updates to the account's devices and
 * to the user where they keep the account too. Who keeps several in one transaction locks all of their boxes first.
 * https://core.telegram.org/api/contacts
 * @returns whether anything changed
 */
export async function keepContact(tx: Tx, owner: number, user: number, kept: KeptContact): Promise<boolean> {
  await lockBoxes(tx, [owner, user])
  const before = await contactRow(tx, owner, user)
  const cut = (text: string) => text.trim().slice(0, tx.app.config.limits.nameLength)
  const row = {
    first: cut(kept.firstName),
    last: cut(kept.lastName),
    phone: kept.phone || before?.phone || '',
    note: kept.note === undefined ? (before?.note ?? null) : storeNote(kept.note),
  }
  const same =
    before?.first_name === row.first &&
    before.last_name === row.last &&
    before.phone === row.phone &&
    Buffer.compare(before.note ?? EMPTY, row.note ?? EMPTY) === 0
  if (same) return false
  await tx.run(writeContact, { owner, user, ...row, now: tx.now })
  await tellContact(tx, owner, user, before === undefined)
  return true
}

const EMPTY = new Uint8Array(0)

/** Takes users out of the caller's contacts. Those who are none are left out. @returns who was one */
export async function dropContacts(tx: Tx, users: readonly number[]): Promise<number[]> {
  const owner = tx.userId
  await lockBoxes(tx, [owner, ...users])
  const rows = await contactRows(tx, owner, users)
  for (const row of rows.values()) {
    await tx.trx.deleteFrom('contact').where('owner', '=', owner).where('user_id', '=', row.user_id).execute()
    if (row.phone !== '') await forgetPhone(tx, row.phone)
    await tellContact(tx, owner, row.user_id, true)
  }
  return [...rows.keys()]
}

/** Takes a number out of the caller's address book. */
export async function forgetPhone(tx: Tx, phone: string): Promise<void> {
  await tx.trx.deleteFrom('saved_contact').where('owner', '=', tx.userId).where('phone', '=', phone).execute()
}

/** The user themselves is told only when it became, or ceased to be, mutual. */
async function tellContact(tx: Tx, owner: number, user: number, mutuality: boolean): Promise<void> {
  const told: [box: number, peer: number][] = [[owner, user]]
  if (mutuality && user !== owner && (await contactRow(tx, user, owner))) told.push([user, owner])
  await tx.publishAll(told.map(([box, peer]) => [box, { kind: 'peerSettings', peer }]))
}

/** A note as it is kept: at most 128 characters, with the entities that are within them; null for an empty one. */
export function storeNote(note: tl.TextWithEntities): Uint8Array | null {
  const text = note.text.trim().slice(0, NOTE_LENGTH)
  if (text === '') return null
  const entities = note.entities.filter((e) => e.offset >= 0 && e.length > 0 && e.offset + e.length <= text.length)
  return atRest({ _: 'textWithEntities', text, entities: entities.slice(0, NOTE_LENGTH) })
}

/**
 * A number has got an account: whoever has the number in the address book gets a contact, and the notice that they
 * joined (unless `unannounced`), without a sound where they asked for that. At most 1000 accounts are told.
 * https://core.telegram.org/constructor/messageActionContactSignUp
 */
export async function onAccountCreated(tx: Tx, userId: number, phone: string, unannounced = false): Promise<void> {
  const savers = await tx.run(waiting, { phone, limit: TOLD })
  if (savers.length === 0) return
  const joined = await ownUser(tx, userId)
  await lockBoxes(tx, [userId, ...savers.map((saver) => saver.owner)])
  for (const saver of savers) {
    const { owner } = saver
    if (owner === userId) continue
    await keepContact(tx, owner, userId, { firstName: saver.first_name, lastName: saver.last_name, phone })
    if (unannounced) continue
    const { silentSignUp } = await contactSettings(tx, owner)
    const action: tl.MessageAction = { _: 'messageActionContactSignUp' }
    await sendNotice(tx, joined, await ownUser(tx, owner), { action, silent: silentSignUp })
  }
}

/**
 * An account has got another number: whoever kept the former one keeps the new one. The caller tells of it with
 * updateUserPhone. https://core.telegram.org/method/account.changePhone
 */
export async function onPhoneChanged(tx: Tx, userId: number, before: string, phone: string): Promise<void> {
  await tx.trx.updateTable('contact').set({ phone }).where('user_id', '=', userId).where('phone', '=', before).execute()
}

/** An account goes: what it kept of others, and others of it. https://core.telegram.org/method/account.deleteAccount */
export async function forgetPeople(tx: Tx, userId: number): Promise<void> {
  await tx.trx
    .deleteFrom('contact')
    .where((eb) => eb.or([eb('owner', '=', userId), eb('user_id', '=', userId)]))
    .execute()
  for (const table of ['saved_contact', 'top_peer', 'contact_setting', 'located', 'privacy', 'block'] as const) {
    await tx.trx.deleteFrom(table).where('owner', '=', userId).execute()
  }
}
