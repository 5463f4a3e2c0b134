import contactsBlock from './contacts.block.ts'
import contactsUnblock from './contacts.unblock.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [contactsBlock, contactsUnblock]
