import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { noteLink } from '../../domain/recent-links.ts'
import { usernameRow } from '../../domain/usernames.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Any username there can be: those that were given away are shorter than what people may choose themselves. */
const USERNAME = /^[a-z0-9_]{1,32}$/i

export default method(
  'contacts.resolveUsername',
  async (ctx, req) => {
    // @TODO affiliates: ends with the stars' own folder.
    if (req.referer) throw new RpcError('NOT_IMPLEMENTED')
    const name = req.username.replace(/^@/, '')
    if (!USERNAME.test(name)) throw new RpcError('USERNAME_INVALID')
    const row = await usernameRow(ctx, name)
    if (!row || row.active === 0) throw new RpcError('USERNAME_NOT_OCCUPIED')
    await noteLink(ctx, row.shown)
    return complete(ctx, { _: 'contacts.resolvedPeer', peer: toPeer(row.owner), chats: [], users: [] })
  },
  { flood: 'search' },
)
