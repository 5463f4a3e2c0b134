import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { phoneTables } from './phone-tables.ts'

/** Numbers of Telegram's test servers: 99966, a digit, four more. Their code is that digit, five times. */
const TEST_NUMBER = /^99966(\d)\d{4}$/

/** The code that a number takes under --test without any being sent, or undefined for other numbers. */
export function testCode(ctx: Pick<Ctx, 'app'>, phone: string): string | undefined {
  if (!ctx.app.config.test) return undefined
  return TEST_NUMBER.exec(phone)?.[1]?.repeat(5)
}

/**
 * A phone number as accounts keep it: country code first, digits only. PHONE_NUMBER_INVALID for what is none; under
 * --test any number of plausible length is one.
 * https://core.telegram.org/method/auth.sendCode
 */
export function phoneNumber(ctx: Pick<Ctx, 'app'>, raw: string): string {
  const digits = raw.length <= 64 ? raw.replace(/[\s()+.-]/g, '') : ''
  if (!/^[1-9]\d{4,14}$/.test(digits)) throw new RpcError('PHONE_NUMBER_INVALID')
  if (!ctx.app.config.test && !phoneTables().isValidPhoneNumber(`+${digits}`))
    throw new RpcError('PHONE_NUMBER_INVALID')
  return digits
}
