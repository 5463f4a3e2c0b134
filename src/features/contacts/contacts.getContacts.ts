import { complete } from '../../domain/complete.ts'
import { listHash } from '../../domain/list-hash.ts'
import { permissions } from '../../domain/privacy.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { contactIds, savedCount } from './view.ts'

export default method(
  'contacts.getContacts',
  async (ctx, req) => {
    const ids = await contactIds(ctx)
    const saved = await savedCount(ctx)
    if (req.hash !== 0n && req.hash === listHash([saved, ...ids])) return { _: 'contacts.contactsNotModified' }
    const what = await permissions(ctx, ids)
    const contacts = ids.map((userId) => ({ _: 'contact' as const, userId, mutual: what.keeps(userId) }))
    return complete<tl.contacts_contacts>(ctx, { _: 'contacts.contacts', contacts, savedCount: saved, users: [] })
  },
  { flood: 'read' },
)
