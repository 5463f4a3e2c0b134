import { ALL_CHATS, filterRows, viewFilter } from '../../domain/dialog-filters.ts'
import { dialogList } from '../../domain/dialogs.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getDialogFilters',
  async (ctx) => {
    const rows = await filterRows(ctx, ctx.userId)
    const filters = rows.map((row) => viewFilter(ctx, row))
    if (!rows.some((row) => row.id === ALL_CHATS)) filters.unshift({ _: 'dialogFilterDefault' })
    const { tags } = await dialogList(ctx)
    return { _: 'messages.dialogFilters', tagsEnabled: tags === 1 || undefined, filters }
  },
  { flood: 'read' },
)
