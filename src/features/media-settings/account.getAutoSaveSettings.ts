import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { SAVE_DEFAULT } from './defaults.ts'

const SCOPES = new Set(['users', 'chats', 'broadcasts'])

export default method(
  'account.getAutoSaveSettings',
  async (ctx) => {
    const rows = await ctx.db
      .selectFrom('auto_save')
      .select(['scope', 'tl'])
      .where('owner', '=', ctx.userId)
      .orderBy('scope')
      .execute()
    const own = new Map(rows.map((row) => [row.scope, readObject(row.tl) as tl.autoSaveSettings]))
    const exceptions = [...own]
      .filter(([scope]) => !SCOPES.has(scope))
      .map(([scope, settings]): tl.AutoSaveException => {
        return { _: 'autoSaveException', peer: toPeer(Number(scope)), settings }
      })
    return complete<tl.account_autoSaveSettings>(ctx, {
      _: 'account.autoSaveSettings',
      usersSettings: own.get('users') ?? SAVE_DEFAULT,
      chatsSettings: own.get('chats') ?? SAVE_DEFAULT,
      broadcastsSettings: own.get('broadcasts') ?? SAVE_DEFAULT,
      exceptions,
      chats: [],
      users: [],
    })
  },
  { flood: 'read' },
)
