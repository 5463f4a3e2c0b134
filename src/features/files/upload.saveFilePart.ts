import { savePart } from '../../domain/uploads.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'upload.saveFilePart',
  async (ctx, { fileId, filePart, bytes }) => {
    await savePart(ctx, { fileId, index: filePart, bytes })
    return true
  },
  { flood: 'upload', keepsNothing: true },
)
