import { complete } from '../../domain/complete.ts'
import { checkFolder, viewDialogs } from '../../domain/dialogs.ts'
import { listHash } from '../../domain/list-hash.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { dialogPage, pageNumbers } from './page.ts'

export default method(
  'messages.getDialogs',
  async (ctx, req) => {
    if (req.folderId !== undefined) checkFolder(req.folderId)
    const { rows, place, count, first } = await dialogPage(ctx, req)
    const shown = await viewDialogs(ctx, rows)
    const { messages } = shown
    const dialogs = await place(shown.dialogs)
    if (req.hash !== 0n && req.hash === listHash(pageNumbers(dialogs, messages))) {
      return { _: 'messages.dialogsNotModified', count }
    }
    const answer = { dialogs, messages, users: [], chats: [] }
    if (first && rows.length === count) return complete<tl.messages_dialogs>(ctx, { _: 'messages.dialogs', ...answer })
    return complete<tl.messages_dialogsSlice>(ctx, { _: 'messages.dialogsSlice', count, ...answer })
  },
  { flood: 'read' },
)
