import { complete } from '../../domain/complete.ts'
import { contactSettings } from '../../domain/contact-settings.ts'
import { listHash } from '../../domain/list-hash.ts'
import { bareId, toPeer } from '../../domain/peers.ts'
import { CATEGORIES, type TopPeerCategory, topPeers } from '../../domain/top-peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { page } from './view.ts'

type Asked = Params<'contacts.getTopPeers'>

/** The flag that asks for a category has its name, but for the spelling of two. */
function asked(req: Asked, category: TopPeerCategory): boolean {
  if (category === 'botsPM') return req.botsPm === true
  if (category === 'botsGuestChat') return req.botsGuestchat === true
  return req[category] === true
}

export default method(
  'contacts.getTopPeers',
  async (ctx, req) => {
    const wanted = CATEGORIES.filter((category) => asked(req, category))
    if (wanted.length === 0) throw new RpcError('TYPES_EMPTY')
    if ((await contactSettings(ctx, ctx.userId)).noTopPeers) return { _: 'contacts.topPeersDisabled' }
    const categories: tl.TopPeerCategoryPeers[] = []
    const ids: number[] = []
    for (const category of wanted) {
      const { count, peers: rated } = await topPeers(ctx, category, page(req))
      ids.push(...rated.map((one) => bareId(one.peer)))
      const name = `topPeerCategory${category[0]!.toUpperCase()}${category.slice(1)}` as tl.TopPeerCategory['_']
      const peers = rated.map((one) => ({ _: 'topPeer' as const, peer: toPeer(one.peer), rating: one.rating }))
      categories.push({ _: 'topPeerCategoryPeers', category: { _: name }, count, peers })
    }
    if (req.hash !== 0n && req.hash === listHash(ids)) return { _: 'contacts.topPeersNotModified' }
    return complete<tl.contacts_topPeers>(ctx, { _: 'contacts.topPeers', categories, users: [], chats: [] })
  },
  { flood: 'read' },
)
