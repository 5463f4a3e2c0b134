import { method } from '../../rpc/method.ts'
import { LATEST_LAYER, methodInLayer } from '../../tl/index.ts'

/** The first word of links that older clients do not know, and the method that a client needs to open them. */
const NEEDS: Record<string, string> = {
  addlist: 'chatlists.checkChatlistInvite',
  boost: 'premium.getBoostsStatus',
  contact: 'contacts.importContactToken',
  giftcode: 'payments.checkGiftCode',
  message: 'account.resolveBusinessChatLink',
  nft: 'payments.getUniqueStarGift',
  stars_topup: 'payments.getStarsTopupOptions',
}

/**
 * Clients ask about links that they do not know: whether a newer one would.
 * https://core.telegram.org/method/help.getDeepLinkInfo
 */
export default method(
  'help.getDeepLinkInfo',
  async (ctx, { path }) => {
    const [word] = path.replace(/^tg:(\/\/)?/, '').split(/[/?#]/) as [string]
    const needed = Object.hasOwn(NEEDS, word) ? NEEDS[word] : undefined
    if (needed === undefined || methodInLayer(needed, ctx.layer || LATEST_LAYER)) return { _: 'help.deepLinkInfoEmpty' }
    return {
      _: 'help.deepLinkInfo',
      updateApp: true,
      message: 'This link needs a newer version of your app.',
      entities: [],
    }
  },
  { anonymous: true, flood: 'read' },
)
