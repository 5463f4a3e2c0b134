import sendCode from './auth.sendCode.ts'
import signIn from './auth.signIn.ts'
import signUp from './auth.signUp.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [sendCode, signIn, signUp]
