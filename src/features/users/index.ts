import contactsResolvePhone from './contacts.resolvePhone.ts'
import usersGetFullUser from './users.getFullUser.ts'
import usersGetUsers from './users.getUsers.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [contactsResolvePhone, usersGetFullUser, usersGetUsers]
