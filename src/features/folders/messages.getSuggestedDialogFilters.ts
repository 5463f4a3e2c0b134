import { filterRows } from '../../domain/dialog-filters.ts'
import { listed } from '../../domain/dialogs.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

type Kinds = Pick<tl.dialogFilter, 'contacts' | 'nonContacts' | 'groups' | 'broadcasts' | 'bots' | 'excludeRead'>

const EVERYBODY: Kinds = { contacts: true, nonContacts: true, groups: true, broadcasts: true, bots: true }
const PEOPLE: Kinds = { contacts: true, nonContacts: true }

/** Folders that would tell something apart in this account's list, and that it does not have yet. */
export default method(
  'messages.getSuggestedDialogFilters',
  async (ctx) => {
    const filters = (await filterRows(ctx, ctx.userId)).map((row) => readObject(row.tl) as tl.DialogFilter)
    const own = filters.filter((filter) => filter._ === 'dialogFilter')
    const kinds = await kindsOfDialogs(ctx)
    const suggested: tl.DialogFilterSuggested[] = []
    if ((kinds.people || kinds.groups) && !own.some((f) => f.excludeRead)) {
      suggested.push(suggest('Unread', 'New messages from all chats.', { ...EVERYBODY, excludeRead: true }))
    }
    const personal = own.some((f) => f.contacts && f.nonContacts && !f.groups && !f.broadcasts && !f.bots)
    if (kinds.people && kinds.groups && !personal) {
      suggested.push(suggest('Personal', 'Only messages from personal chats.', PEOPLE))
    }
    return suggested
  },
  { flood: 'read' },
)

function suggest(title: string, description: string, kinds: Kinds): tl.DialogFilterSuggested {
  const peers = { pinnedPeers: [], includePeers: [], excludePeers: [] }
  const filter: tl.dialogFilter = {
    _: 'dialogFilter',
    ...kinds,
    // The client gives it an id when it is taken.
    id: 0,
    title: { _: 'textWithEntities', text: title, entities: [] },
    ...peers,
  }
  return { _: 'dialogFilterSuggested', filter, description }
}

async function kindsOfDialogs(ctx: Ctx): Promise<{ people: boolean; groups: boolean }> {
  const one = (sign: '>' | '<') =>
    listed(ctx.db, ctx.userId).select('peer').where('peer', sign, 0).limit(1).executeTakeFirst()
  return { people: (await one('>')) !== undefined, groups: (await one('<')) !== undefined }
}
