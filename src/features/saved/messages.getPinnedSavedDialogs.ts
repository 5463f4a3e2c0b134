import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { pinnedSaved, viewSaved } from './dialogs.ts'

export default method(
  'messages.getPinnedSavedDialogs',
  async (ctx) => {
    const found = await viewSaved(ctx, await pinnedSaved(ctx))
    return complete<tl.messages_savedDialogs>(ctx, { _: 'messages.savedDialogs', ...found })
  },
  { flood: 'read' },
)
