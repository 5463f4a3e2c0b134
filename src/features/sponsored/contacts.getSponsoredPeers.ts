import { adRandomId, adsFor, adWords, seesAds } from '../../domain/ads.ts'
import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Peers that one search shows. */
const AT_ONCE = 3

export default method(
  'contacts.getSponsoredPeers',
  async (ctx, req) => {
    const search = req.q.trim().toLowerCase().slice(0, 256)
    if (search === '') throw new RpcError('SEARCH_QUERY_EMPTY')
    const words = adWords(search)
    const ads = words.length > 0 && (await seesAds(ctx)) ? await adsFor(ctx, words, AT_ONCE) : []
    if (ads.length === 0) return { _: 'contacts.sponsoredPeersEmpty' }
    const peers = ads.map(
      (ad): tl.SponsoredPeer => ({
        _: 'sponsoredPeer',
        randomId: adRandomId(ctx, ad),
        peer: toPeer(ad.peer!),
        sponsorInfo: ad.sponsor_info ?? undefined,
        additionalInfo: ad.additional_info ?? undefined,
      }),
    )
    return complete<tl.contacts_sponsoredPeers>(ctx, { _: 'contacts.sponsoredPeers', peers, chats: [], users: [] })
  },
  { flood: 'search' },
)
