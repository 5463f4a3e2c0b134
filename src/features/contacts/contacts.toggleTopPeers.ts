import { setContactSetting } from '../../domain/contact-settings.ts'
import { forgetTopPeers } from '../../domain/top-peers.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'contacts.toggleTopPeers',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await setContactSetting(tx, 'no_top_peers', !req.enabled)
      if (!req.enabled) await forgetTopPeers(tx)
      return true
    }),
  { flood: 'write' },
)
