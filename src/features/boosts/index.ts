import { endPremiumInTime } from '../../domain/premium.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import channelsSetBoostsToUnblockRestrictions from './channels.setBoostsToUnblockRestrictions.ts'
import premiumApplyBoost from './premium.applyBoost.ts'
import premiumGetBoostsList from './premium.getBoostsList.ts'
import premiumGetBoostsStatus from './premium.getBoostsStatus.ts'
import premiumGetMyBoosts from './premium.getMyBoosts.ts'
import premiumGetUserBoosts from './premium.getUserBoosts.ts'
import { tellBoosts } from './tell.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsSetBoostsToUnblockRestrictions,
  premiumApplyBoost,
  premiumGetBoostsList,
  premiumGetBoostsStatus,
  premiumGetMyBoosts,
  premiumGetUserBoosts,
]

/** What is due at a time: a group is told of boosts, somebody's Premium ends. */
export const jobs: Record<string, JobRunner> = {
  'boosts.tell': (ctx, job) => tellBoosts(ctx, job.id),
  'premium.end': (ctx, job) => endPremiumInTime(ctx, job.owner),
}
