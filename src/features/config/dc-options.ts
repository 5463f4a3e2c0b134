import { isIPv6 } from 'node:net'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Numbers that clients are built with. */
const DATA_CENTRES = [1, 2, 3, 4, 5]

/**
 * Where every data centre is: here. Clients begin at the one compiled into them, and a server that is alone sends
 * nobody away. https://core.telegram.org/api/datacenter
 */
export function dcOptions(ctx: Ctx): tl.DcOption[] {
  const { host, port } = ctx.app.address
  const ipv6 = isIPv6(host) || undefined
  return DATA_CENTRES.map((id) => ({
    _: 'dcOption',
    ipv6,
    static: true,
    thisPortOnly: true,
    id,
    ipAddress: host,
    port,
  }))
}
