import { method } from '../../rpc/method.ts'

/** When clients ask again, in seconds. */
const LIFE = 3600

// No promoted channels and no suggestions of the server's own; what the account dismissed is still told, so that its
// other devices hide it too.
export default method(
  'help.getPromoData',
  async (ctx) => {
    const dismissed = await ctx.db
      .selectFrom('dismissed_suggestion')
      .select('suggestion')
      .where('owner', '=', ctx.userId)
      .where('peer', '=', 0)
      .orderBy('suggestion')
      .execute()
    return {
      _: 'help.promoData',
      expires: ctx.now + LIFE,
      pendingSuggestions: [],
      dismissedSuggestions: dismissed.map((d) => d.suggestion),
      chats: [],
      users: [],
    }
  },
  { flood: 'read' },
)
