import { access } from '../../domain/access.ts'
import { announce } from '../../domain/announce.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { editUpdate } from '../../domain/message-facts.ts'
import { toPeer } from '../../domain/peers.ts'
import { maySend } from '../../domain/rights.ts'
import { doerIn } from '../../domain/send-as.ts'
import { asUpdates, sentUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { changeTodo, todoMessage } from './lists.ts'

export default method(
  'messages.toggleTodoCompleted',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const row = await todoMessage(ctx, peer, req.msgId, 'othersCanComplete')
    await maySend(ctx, peer, ['sendPlain'])
    return ctx.transact(async (tx) => {
      const completedBy = toPeer(await doerIn(tx, peer))
      let done: number[] = []
      let undone: number[] = []
      const changed = await changeTodo(tx, row, (media) => {
        const before = media.completions ?? []
        const known = new Set(media.todo.list.map((item) => item.id))
        const completed = new Set(before.map((c) => c.id))
        done = [...new Set(req.completed)].filter((id) => known.has(id) && !completed.has(id))
        undone = [...new Set(req.incompleted)].filter((id) => completed.has(id))
        if (done.length + undone.length === 0) return undefined
        const completions = [
          ...before.filter((c) => !undone.includes(c.id)),
          ...done.map((id): tl.TodoCompletion => ({ _: 'todoCompletion', id, completedBy, date: tx.now })),
        ]
        return { ...media, completions: completions.length > 0 ? completions : undefined }
      })
      if (!changed) return asUpdates(tx, [])
      const action: tl.MessageAction = { _: 'messageActionTodoCompletions', completed: done, incompleted: undone }
      const sent = await announce(tx, peer, row, action)
      const [view] = await viewMessages(tx, [changed.row])
      return sentUpdates(tx, [sent], [editUpdate(row.owner, view!, changed.published)])
    })
  },
  { flood: 'send' },
)
