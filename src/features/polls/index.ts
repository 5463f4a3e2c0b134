import { CLOSE_POLL, closeDuePoll } from '../../domain/poll-places.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import messagesAddPollAnswer from './messages.addPollAnswer.ts'
import messagesDeletePollAnswer from './messages.deletePollAnswer.ts'
import messagesGetPollResults from './messages.getPollResults.ts'
import messagesGetPollVotes from './messages.getPollVotes.ts'
import messagesGetUnreadPollVotes from './messages.getUnreadPollVotes.ts'
import messagesReadPollVotes from './messages.readPollVotes.ts'
import messagesSendVote from './messages.sendVote.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesAddPollAnswer,
  messagesDeletePollAnswer,
  messagesGetPollResults,
  messagesGetPollVotes,
  messagesGetUnreadPollVotes,
  messagesReadPollVotes,
  messagesSendVote,
]

export const jobs: Record<string, JobRunner> = {
  [CLOSE_POLL]: (ctx, job) => closeDuePoll(ctx, job.data as { id: number }),
}
