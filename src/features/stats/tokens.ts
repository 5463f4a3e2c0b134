import { createHmac, timingSafeEqual } from 'node:crypto'
import { dayOf } from '../../domain/channel-stats.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Which graph a token stands for. */
export interface Named {
  graph: string
  channel: number
  /** The message it is about, 0 for none. */
  message: number
  dark: boolean
  /** A token of the graph's details, to be asked for with a point of it. */
  zoom: boolean
}

/** A token is good for so many seconds. */
const GOOD_FOR = 3600

const sign = (ctx: Ctx, text: string) =>
  createHmac('sha256', ctx.app.secrets.token).update(`stats ${ctx.userId} ${text}`).digest().subarray(0, 16)

/** A token says itself what it is for, so that nothing is kept of it; it is good for its viewer alone. */
export function tokenOf(ctx: Ctx, named: Named): string {
  const { graph, channel, message, dark, zoom } = named
  const text = [graph, channel, message, dark ? 1 : 0, zoom ? 1 : 0, ctx.now].join('.')
  return `${text}.${sign(ctx, text).toString('base64url')}`
}

/**
 * What a token stands for. GRAPH_INVALID_RELOAD for what is none of the viewer's, GRAPH_EXPIRED_RELOAD for an old one,
 * GRAPH_OUTDATED_RELOAD when a day has begun since that the graph it belongs to does not have.
 */
export function namedBy(ctx: Ctx, token: string): Named {
  const end = token.lastIndexOf('.')
  const text = token.slice(0, Math.max(0, end))
  const given = Buffer.from(token.slice(end + 1), 'base64url')
  const right = sign(ctx, text)
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new RpcError('GRAPH_INVALID_RELOAD')
  const [graph, channel, message, dark, zoom, date] = text.split('.')
  if (Number(date) + GOOD_FOR < ctx.now) throw new RpcError('GRAPH_EXPIRED_RELOAD')
  if (dayOf(Number(date)) !== dayOf(ctx.now)) throw new RpcError('GRAPH_OUTDATED_RELOAD')
  return { graph: graph!, channel: Number(channel), message: Number(message), dark: dark === '1', zoom: zoom === '1' }
}
