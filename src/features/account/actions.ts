import { knownBy } from '../../domain/acquaintances.ts'
import { onPhoneChanged } from '../../domain/contacts.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { userRow } from '../../domain/user-rows.ts'
import { contactRow } from '../../domain/users.ts'
import type { Tx } from '../../rpc/context.ts'

/**
 * Gives the caller another number, which nobody has. The account's other devices are told, and those of its
 * acquaintances who see the number: as privacy allows, or because they have kept the former one.
 * https://core.telegram.org/method/account.changePhone
 */
export async function changePhone(tx: Tx, phone: string): Promise<void> {
  const { userId } = tx
  const before = (await userRow(tx, userId))?.phone ?? ''
  await tx.trx.updateTable('user').set({ phone }).where('id', '=', userId).execute()
  if (before) await onPhoneChanged(tx, userId, before, phone)
  const owners = [userId]
  for (const viewer of await knownBy(tx, userId)) {
    const kept = (await contactRow(tx, viewer, userId))?.phone === phone
    if (kept || (await allowedBy(tx, userId, 'phoneNumber', viewer))) owners.push(viewer)
  }
  const update = { _: 'updateUserPhone' as const, userId, phone }
  await tx.publishAll(owners.map((owner) => [owner, { kind: 'update', update }]))
}
