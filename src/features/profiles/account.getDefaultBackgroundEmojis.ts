import { method } from '../../rpc/method.ts'

/** None to suggest: this server has no custom emoji of its own. */
export default method(
  'account.getDefaultBackgroundEmojis',
  async () => ({ _: 'emojiList', hash: 0n, documentId: [] }),
  {
    flood: 'read',
  },
)
