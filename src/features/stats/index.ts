import { statsJobs } from '../../domain/channel-stats.ts'
import statsGetBroadcastStats from './stats.getBroadcastStats.ts'
import statsGetMegagroupStats from './stats.getMegagroupStats.ts'
import statsGetMessagePublicForwards from './stats.getMessagePublicForwards.ts'
import statsGetMessageStats from './stats.getMessageStats.ts'
import statsGetPollStats from './stats.getPollStats.ts'
import statsLoadAsyncGraph from './stats.loadAsyncGraph.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  statsGetBroadcastStats,
  statsGetMegagroupStats,
  statsGetMessagePublicForwards,
  statsGetMessageStats,
  statsGetPollStats,
  statsLoadAsyncGraph,
]

/** What is due at a time: old counters go. */
export const jobs = statsJobs
