import { answerQuery, askedQuery } from '../../domain/callback-queries.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Longest notification that a pressed button brings up. https://core.telegram.org/bots/api#answercallbackquery */
const LENGTH = 200

/** A bot says what comes of a button that somebody pressed. */
export default method(
  'messages.setBotCallbackAnswer',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (!tx.session?.auth.bot) throw new RpcError('USER_BOT_REQUIRED')
      const query = await askedQuery(tx, req.queryId)
      if (req.message !== undefined && req.message.length > LENGTH) throw new RpcError('MESSAGE_TOO_LONG')
      if (req.url !== undefined && !URL.canParse(req.url)) throw new RpcError('URL_INVALID')
      await answerQuery(tx, query, {
        _: 'messages.botCallbackAnswer',
        alert: req.alert || undefined,
        hasUrl: req.url !== undefined || undefined,
        nativeUi: true,
        message: req.message || undefined,
        url: req.url,
        cacheTime: Math.max(0, req.cacheTime),
      })
      return true
    }),
  { flood: 'write' },
)
