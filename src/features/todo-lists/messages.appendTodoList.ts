import { access } from '../../domain/access.ts'
import { announce } from '../../domain/announce.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { editUpdate } from '../../domain/message-facts.ts'
import { maySend } from '../../domain/rights.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { TODO, todoItems } from '../../domain/todo.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { changeTodo, todoMessage } from './lists.ts'

export default method(
  'messages.appendTodoList',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const row = await todoMessage(ctx, peer, req.msgId, 'othersCanAppend')
    await maySend(ctx, peer, ['sendPlain'])
    const list = await todoItems(ctx, req.list, 'TODO_NOT_MODIFIED')
    return ctx.transact(async (tx) => {
      const changed = await changeTodo(tx, row, (media) => {
        const { todo } = media
        const ids = new Set(todo.list.map((item) => item.id))
        if (list.some((item) => ids.has(item.id))) throw new RpcError('TODO_ITEM_DUPLICATE')
        if (todo.list.length + list.length > TODO.items) throw new RpcError('MESSAGE_TOO_LONG')
        return { ...media, todo: { ...todo, list: [...todo.list, ...list] } }
      })
      const sent = await announce(tx, peer, row, { _: 'messageActionTodoAppendTasks', list })
      const [view] = await viewMessages(tx, [changed!.row])
      return sentUpdates(tx, [sent], [editUpdate(row.owner, view!, changed!.published)])
    })
  },
  { flood: 'send' },
)
