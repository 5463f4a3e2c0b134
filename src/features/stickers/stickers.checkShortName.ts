import { method } from '../../rpc/method.ts'
import { checkShortName } from './names.ts'

export default method(
  'stickers.checkShortName',
  async (ctx, req) => {
    await checkShortName(ctx, req.shortName, 'SHORT_NAME_INVALID', 'SHORT_NAME_OCCUPIED')
    return true
  },
  { flood: 'read' },
)
