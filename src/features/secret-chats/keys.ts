import { dhInRange } from '../../mtproto/dh.ts'
import { RpcError } from '../../rpc/errors.ts'

/**
 * Refuses a power of g that would give a weak key: DH_G_A_INVALID. The other side checks again, but need not be asked.
 * https://core.telegram.org/api/end-to-end#sending-a-request
 */
export function checkPower(power: Uint8Array): void {
  if (!dhInRange(power)) throw new RpcError('DH_G_A_INVALID')
}

/** A fingerprint, a message key, and at least one block of AES. https://core.telegram.org/mtproto/description */
const LEAST = 8 + 16 + 16

/** What is sent must look like a message that is encrypted; more is not to be known of it. */
export function checkSealed(data: Uint8Array, most: number): void {
  if (data.length > most) throw new RpcError('DATA_TOO_LONG')
  if (data.length < LEAST || (data.length - LEAST) % 16 !== 0) throw new RpcError('DATA_INVALID')
}
