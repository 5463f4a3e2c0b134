import updatesGetChannelDifference from './updates.getChannelDifference.ts'
import updatesGetDifference from './updates.getDifference.ts'
import updatesGetState from './updates.getState.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [updatesGetChannelDifference, updatesGetDifference, updatesGetState]
