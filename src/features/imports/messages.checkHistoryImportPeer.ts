import { fullName } from '../../domain/forward-header.ts'
import { method } from '../../rpc/method.ts'
import { importTarget } from './imports.ts'

export default method(
  'messages.checkHistoryImportPeer',
  async (ctx, req) => {
    const peer = await importTarget(ctx, req.peer)
    const confirmText =
      peer.kind === 'user'
        ? `Import messages into the chat with **${fullName(peer.row)}**? They will see them too.`
        : `Import messages into **${peer.row.title}**? All its members will see them.`
    return { _: 'messages.checkedHistoryImportPeer', confirmText }
  },
  { flood: 'write' },
)
