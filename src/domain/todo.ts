import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { nameUsers, styleText } from './entities.ts'
import { userRow } from './user-rows.ts'

/** `todo_*` of the client configuration. https://core.telegram.org/api/config */
export const TODO = { items: 30, item: 64, title: 32 } as const

/**
 * A to-do list as it is kept. Making one takes Premium; one that is edited keeps what has been done of it.
 * TODO_ITEMS_EMPTY, TODO_ITEM_DUPLICATE, MESSAGE_TOO_LONG. https://core.telegram.org/api/todo
 */
export async function makeTodo(
  ctx: Ctx,
  input: tl.inputMediaTodo,
  previous?: tl.messageMediaToDo,
): Promise<tl.messageMediaToDo> {
  if (!previous && (await userRow(ctx, ctx.userId))?.premium !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  const { todo } = input
  const list = await todoItems(ctx, todo.list, 'TODO_ITEMS_EMPTY')
  const ids = new Set(list.map((item) => item.id))
  const completions = previous?.completions?.filter((done) => ids.has(done.id))
  return {
    _: 'messageMediaToDo',
    todo: {
      _: 'todoList',
      othersCanAppend: todo.othersCanAppend || undefined,
      othersCanComplete: todo.othersCanComplete || undefined,
      title: await todoText(ctx, todo.title, TODO.title),
      list,
    },
    completions: completions?.length ? completions : undefined,
  }
}

/** The items a client gives: each with an id of its own and a text. */
export async function todoItems(ctx: Ctx, given: readonly tl.TodoItem[], none: ErrorName): Promise<tl.todoItem[]> {
  if (given.length === 0) throw new RpcError(none)
  if (given.length > TODO.items) throw new RpcError('MESSAGE_TOO_LONG')
  if (new Set(given.map((item) => item.id)).size < given.length) throw new RpcError('TODO_ITEM_DUPLICATE')
  const items: tl.todoItem[] = []
  for (const { id, title } of given) items.push({ _: 'todoItem', id, title: await todoText(ctx, title, TODO.item) })
  return items
}

async function todoText(ctx: Ctx, given: tl.TextWithEntities, length: number): Promise<tl.textWithEntities> {
  const { text, entities = [] } = styleText(given.text, await nameUsers(ctx, given.entities))
  if (text === '') throw new RpcError('MESSAGE_EMPTY')
  if (text.length > length) throw new RpcError('MESSAGE_TOO_LONG')
  return { _: 'textWithEntities', text, entities }
}
