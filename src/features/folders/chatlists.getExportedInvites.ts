import { method } from '../../rpc/method.ts'
import { ownFilter } from './filters.ts'

/** @TODO links to folders can hold supergroups and channels only: there are none until those can be made. */
export default method(
  'chatlists.getExportedInvites',
  async (ctx, req) => {
    await ownFilter(ctx, req.chatlist.filterId)
    return { _: 'chatlists.exportedInvites', invites: [], chats: [], users: [] }
  },
  { flood: 'read' },
)
