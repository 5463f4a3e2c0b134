import { documentRows, rowId, viewDocument } from '../../domain/files.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Documents in one call. https://core.telegram.org/bots/api#getcustomemojistickers */
const MOST = 200

export default method(
  'messages.getCustomEmojiDocuments',
  async (ctx, req) => {
    if (req.documentId.length > MOST) throw new RpcError('LIMIT_INVALID')
    const rows = await documentRows(ctx, [...new Set(req.documentId.map(rowId))])
    const documents = rows.map((row) => viewDocument(ctx, row))
    // Everything else has to be shown to somebody before they can name it.
    return documents.filter(
      (d) => d._ === 'document' && d.attributes.some((a) => a._ === 'documentAttributeCustomEmoji'),
    )
  },
  { flood: 'read' },
)
