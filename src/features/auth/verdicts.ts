import { RpcError } from '../../rpc/errors.ts'

/** Why a login code does not sign in, said once the try has been counted. */
export function refuse(why: 'invalid' | 'expired' | 'banned'): never {
  switch (why) {
    case 'invalid':
      throw new RpcError('PHONE_CODE_INVALID')
    case 'expired':
      throw new RpcError('PHONE_CODE_EXPIRED')
    case 'banned':
      throw new RpcError('USER_DEACTIVATED_BAN')
  }
}
