import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Ctx } from '../../rpc/context.ts'

/** The account, when it ends, and a seal: 7, 4 and 12 bytes. */
const SIZE = 23
const SEAL = 11

const sealOf = (ctx: Ctx, content: Uint8Array) =>
  createHmac('sha256', ctx.app.secrets.token)
    .update('contact:')
    .update(content)
    .digest()
    .subarray(0, SIZE - SEAL)

/** A token by which whoever gets it can write to an account until then, whatever its privacy; nothing is stored. */
export function contactToken(ctx: Ctx, userId: number, expires: number): string {
  const out = Buffer.alloc(SIZE)
  out.writeBigUInt64BE(BigInt(userId) << 8n)
  out.writeUInt32BE(expires, 7)
  sealOf(ctx, out.subarray(0, SEAL)).copy(out, SEAL)
  return out.toString('base64url')
}

/** Whose token it is; undefined when it is none of ours, or too old. */
export function readContactToken(ctx: Ctx, token: string): number | undefined {
  if (token.length !== Math.ceil((SIZE * 4) / 3)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== SIZE || !timingSafeEqual(sealOf(ctx, bytes.subarray(0, SEAL)), bytes.subarray(SEAL))) {
    return undefined
  }
  if (bytes.readUInt32BE(7) <= ctx.now) return undefined
  return Number(bytes.readBigUInt64BE(0) >> 8n)
}
