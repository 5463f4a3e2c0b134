import { method } from '../../rpc/method.ts'

export default method(
  'help.getNearestDc',
  async (ctx) => {
    const { dc } = ctx.app.config
    // Where a caller is cannot be told from an address without a database of addresses.
    return { _: 'nearestDc', country: '', thisDc: dc, nearestDc: dc }
  },
  { anonymous: true, flood: 'read' },
)
