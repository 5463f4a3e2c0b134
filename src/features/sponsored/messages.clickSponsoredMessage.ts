import { countAd, type Followed, namedAd } from '../../domain/ads.ts'
import { method } from '../../rpc/method.ts'

/** A video that was made large first, or the picture or video itself; neither for the text and the button. */
const followed = (req: { media?: boolean; fullscreen?: boolean }): Followed | undefined =>
  req.fullscreen ? 'fullscreen_clicks' : req.media ? 'media_clicks' : undefined

export default method(
  'messages.clickSponsoredMessage',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await countAd(tx, await namedAd(tx, req.randomId), 'clicks', followed(req))
      return true
    }),
  { flood: 'write' },
)
