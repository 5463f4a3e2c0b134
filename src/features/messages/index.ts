import { expireMessage } from '../../domain/expire.ts'
import { indexOn } from '../../domain/search-index.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import messagesDeleteMessages from './messages.deleteMessages.ts'
import messagesEditMessage from './messages.editMessage.ts'
import messagesForwardMessages from './messages.forwardMessages.ts'
import messagesGetHistory from './messages.getHistory.ts'
import messagesGetMessages from './messages.getMessages.ts'
import messagesReadHistory from './messages.readHistory.ts'
import messagesSendMessage from './messages.sendMessage.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesDeleteMessages,
  messagesEditMessage,
  messagesForwardMessages,
  messagesGetHistory,
  messagesGetMessages,
  messagesReadHistory,
  messagesSendMessage,
]

export const jobs: Record<string, JobRunner> = {
  'messages.expire': (ctx, job) => expireMessage(ctx, job.owner, job.data as { peer: number; origin: number }),
  'messages.index': (ctx, job) => indexOn(ctx, job.owner),
}
