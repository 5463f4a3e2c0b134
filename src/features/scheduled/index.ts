import { sendDue, sendToOnline } from '../../domain/scheduled-send.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import messagesDeleteScheduledMessages from './messages.deleteScheduledMessages.ts'
import messagesGetScheduledHistory from './messages.getScheduledHistory.ts'
import messagesGetScheduledMessages from './messages.getScheduledMessages.ts'
import messagesSendScheduledMessages from './messages.sendScheduledMessages.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesDeleteScheduledMessages,
  messagesGetScheduledHistory,
  messagesGetScheduledMessages,
  messagesSendScheduledMessages,
]

export const jobs: Record<string, JobRunner> = { 'scheduled.send': sendDue, 'scheduled.online': sendToOnline }
