import { savePart } from '../../domain/uploads.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'upload.saveBigFilePart',
  async (ctx, { fileId, filePart, fileTotalParts, bytes }) => {
    await savePart(ctx, { fileId, index: filePart, total: fileTotalParts, bytes })
    return true
  },
  { flood: 'upload', keepsNothing: true },
)
