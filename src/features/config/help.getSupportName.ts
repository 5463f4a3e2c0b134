import { method } from '../../rpc/method.ts'
import { staff } from './support.ts'

export default method(
  'help.getSupportName',
  async (ctx) => ({ _: 'help.supportName', name: (await staff(ctx)).name }),
  { flood: 'read' },
)
