import messagesAppendTodoList from './messages.appendTodoList.ts'
import messagesToggleTodoCompleted from './messages.toggleTodoCompleted.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesAppendTodoList, messagesToggleTodoCompleted]
