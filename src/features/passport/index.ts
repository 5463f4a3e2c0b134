import accountGetAuthorizations from './account.getAuthorizations.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [accountGetAuthorizations]
