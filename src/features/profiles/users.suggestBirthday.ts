import { access } from '../../domain/access.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { isBirthday } from './birthdays.ts'

export default method(
  'users.suggestBirthday',
  async (ctx, { id, birthday }) => {
    const user = await access.user(ctx, id)
    if (user.self || user.row.bot || user.row.deleted) throw new RpcError('USER_ID_INVALID')
    if (!isBirthday(ctx, birthday)) throw new RpcError('BIRTHDAY_INVALID')
    const sent = await ctx.transact(async (tx) => {
      const self = await access.user(tx, { _: 'inputUserSelf' })
      return sendMessage(tx, self, user, { action: { _: 'messageActionSuggestBirthday', birthday } })
    })
    return sentUpdates(ctx, [sent])
  },
  { flood: 'send' },
)
