import { keepContact, phoneDigits } from '../../domain/contacts.ts'
import { permissions } from '../../domain/privacy.ts'
import { lockUser } from '../../domain/user-rows.ts'
import type { Tx } from '../../rpc/context.ts'
import { dialectOf, query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** Numbers taken in one call; the client is told to bring the rest again. */
const AT_ONCE = 1000
/** Accounts that have a number in their address books from which on it counts as popular. */
const POPULAR = 3

const save = query<{ owner: number; phone: string; first: string; last: string; now: number }>()((db, p) =>
  db
    .insertInto('saved_contact')
    .values({ owner: p.owner, phone: p.phone, first_name: p.first, last_name: p.last, date: p.now })
    .onConflict((c) =>
      c.columns(['owner', 'phone']).doUpdateSet((eb) => ({
        first_name: eb.ref('excluded.first_name'),
        last_name: eb.ref('excluded.last_name'),
      })),
    ),
)

interface Entry {
  clientId: bigint
  phone: string
  contact: tl.inputPhoneContact
}

export interface Imported {
  imported: tl.ImportedContact[]
  popularInvites: tl.PopularContact[]
  retryContacts: bigint[]
}

/**
 * Saves numbers in the caller's address book, and makes contacts of those behind which there is an account that lets
 * itself be found by its number. https://core.telegram.org/api/contacts#importing-phone-contacts
 */
export async function importContacts(tx: Tx, contacts: readonly tl.InputContact[]): Promise<Imported> {
  await lockUser(tx, tx.userId)
  const entries: Entry[] = []
  for (const contact of contacts.slice(0, AT_ONCE)) {
    const phone = phoneDigits(contact.phone)
    if (phone) entries.push({ clientId: contact.clientId, phone, contact })
  }
  const phones = [...new Set(entries.map((entry) => entry.phone))]
  const users = await findable(tx, phones)
  await lockBoxes(tx, [tx.userId, ...[...users.values()].map((user) => user.id)])
  const kept = await room(tx, phones)
  const imported: tl.ImportedContact[] = []
  const done = new Set<string>()
  for (const { clientId, phone, contact } of entries) {
    const user = users.get(phone)
    if (user !== undefined) imported.push({ _: 'importedContact', userId: user.id, clientId })
    // Several entries of one number are one contact, named by the first of them.
    if (done.has(phone) || !kept.has(phone)) continue
    done.add(phone)
    await keep(tx, phone, contact, user)
  }
  return {
    imported,
    popularInvites: await popular(
      tx,
      entries.filter((entry) => !users.has(entry.phone)),
    ),
    retryContacts: contacts.slice(AT_ONCE).map((contact) => contact.clientId),
  }
}

interface Found {
  id: number
  first_name: string
  last_name: string
}

async function keep(tx: Tx, phone: string, contact: tl.inputPhoneContact, user: Found | undefined): Promise<void> {
  const cut = (text: string) => text.trim().slice(0, tx.app.config.limits.nameLength)
  let first = cut(contact.firstName)
  let last = cut(contact.lastName)
  if (first === '' && last === '') {
    first = user?.first_name ?? phone
    last = user?.last_name ?? ''
  } else if (first === '') [first, last] = [last, '']
  const owner = tx.userId
  tx.write(save, { owner, phone, first, last, now: tx.now })
  // One's own number may be in one's address book; nobody is a contact of themselves.
  if (!user || user.id === owner) return
  await keepContact(tx, owner, user.id, { firstName: first, lastName: last, phone, note: contact.note })
}

/** The accounts behind numbers, as far as they let the caller find them. */
async function findable(tx: Tx, phones: readonly string[]): Promise<Map<string, Found>> {
  const rows = await tx.trx
    .selectFrom('user')
    .select(['id', 'phone', 'first_name', 'last_name'])
    .where('phone', 'in', dialectOf(tx.trx).eachText(phones) as never)
    .where('deleted', '=', 0)
    .execute()
  const what = await permissions(
    tx,
    rows.map((row) => row.id),
  )
  const found = new Map<string, Found>()
  for (const row of rows) if (await what.allows(row.id, 'addedByPhone')) found.set(row.phone!, row)
  return found
}

/** Which of the numbers still fit into the caller's address book. */
async function room(tx: Tx, phones: readonly string[]): Promise<Set<string>> {
  const rows = await tx.trx.selectFrom('saved_contact').select('phone').where('owner', '=', tx.userId).execute()
  const saved = new Set(rows.map((row) => row.phone))
  const kept = new Set<string>()
  let left = tx.app.config.limits.contacts - saved.size
  for (const phone of phones) {
    if (saved.has(phone)) kept.add(phone)
    else if (left-- > 0) kept.add(phone)
  }
  return kept
}

/** Numbers without an account that many have in their address books: worth inviting. */
async function popular(tx: Tx, entries: readonly Entry[]): Promise<tl.PopularContact[]> {
  if (entries.length === 0) return []
  const rows = await tx.trx
    .selectFrom('saved_contact')
    .select((eb) => ['phone', eb.fn.countAll<number>().as('importers')])
    .where('phone', 'in', dialectOf(tx.trx).eachText(entries.map((entry) => entry.phone)) as never)
    .groupBy('phone')
    .having((eb) => eb.fn.countAll(), '>=', POPULAR)
    .execute()
  const importers = new Map(rows.map((row) => [row.phone, row.importers]))
  return entries
    .filter((entry) => importers.has(entry.phone))
    .map((entry) => ({ _: 'popularContact', clientId: entry.clientId, importers: importers.get(entry.phone)! }))
}
