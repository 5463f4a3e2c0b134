import { lookup as resolve } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { isPublicAddress } from './addresses.ts'

/** How much one fetch may cost. */
export interface FetchBounds {
  /** Bytes of a body, unpacked; a longer one is cut there, or refused where `whole`. */
  bytes: number
  /** From the first connection to the last byte, redirects included. */
  ms: number
  redirects: number
  /** A body that was cut is worth nothing (pictures). */
  whole?: boolean
  /** Beginnings of content types that are taken; others end the fetch before the body. */
  types: readonly string[]
  signal?: AbortSignal
  /** `address:port` pairs that are reached although they are not public. Tests alone have any. */
  allowed?: ReadonlySet<string> | undefined
}

export interface Fetched {
  /** Where the redirects ended. */
  url: string
  /** Content type in lower case, without its parameters. */
  type: string
  charset: string | undefined
  body: Buffer
}

/** Why something was not fetched. Told to nobody but the log: who asked learns only that there is no preview. */
export class FetchError extends Error {
  override name = 'FetchError'
}

/** What is a picture wherever it is fetched. */
export const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']
/** Ports of the web; a preview is no way to speak to anything else. */
const PORTS = new Set([80, 443, 8080, 8443])
const URL_LENGTH = 2048
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const ACCEPT_LANGUAGE = 'en,*;q=0.5'

/**
 * Fetches what stands at an address of the public web. Every address that is connected to, redirects included, is
 * resolved here and checked as the number that the socket then gets, so that a name cannot answer once for the check
 * and again for the connection. Throws FetchError.
 */
export async function fetchPublic(url: string, bounds: FetchBounds): Promise<Fetched> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new FetchError('took too long')), bounds.ms)
  const signal = bounds.signal ? AbortSignal.any([late.signal, bounds.signal]) : late.signal
  try {
    let at = url
    for (let hop = 0; hop <= bounds.redirects; hop++) {
      const target = checkTarget(at, bounds)
      const response = await open(target, bounds, signal)
      const next = REDIRECTS.has(response.statusCode ?? 0) ? response.headers.location : undefined
      if (next === undefined) return await read(at, response, bounds, signal)
      response.destroy()
      if (!URL.canParse(next, at)) throw new FetchError('a redirect to nowhere')
      at = new URL(next, at).href
    }
    throw new FetchError('too many redirects')
  } finally {
    clearTimeout(timer)
  }
}

/** Refuses schemes, ports, credentials and addresses that are not to be spoken to. */
function checkTarget(url: string, { allowed }: FetchBounds): URL {
  if (url.length > URL_LENGTH || !URL.canParse(url)) throw new FetchError('no address')
  const target = new URL(url)
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new FetchError(`scheme ${target.protocol}`)
  if (target.username || target.password) throw new FetchError('an address with a password')
  // Sockets are not asked to resolve what is an address already.
  const host = bareHost(target)
  const known = isIP(host) !== 0 && allowed?.has(`${host}:${portOf(target)}`)
  if (isIP(host) !== 0 && !known && !isPublicAddress(host)) throw new FetchError('not a public address')
  const local = [...(allowed ?? [])].some((one) => one.endsWith(`:${portOf(target)}`))
  if (!PORTS.has(portOf(target)) && !local) throw new FetchError(`port ${portOf(target)}`)
  return target
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')
const portOf = (url: URL): number => (url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80)

/** Resolves names to public addresses only: the socket connects to what this answers, and to nothing else. */
function publicLookup(port: number, allowed: ReadonlySet<string> | undefined): LookupFunction {
  return (hostname, options, done) => {
    const { family } = options
    resolve(hostname, { all: true, ...(family === 4 || family === 6 ? { family } : undefined) }, (error, found) => {
      if (error) return done(error, '')
      const good = found.filter((one) => isPublicAddress(one.address) || allowed?.has(`${one.address}:${port}`))
      const [first] = good
      if (!first) return done(new FetchError('not a public address'), '')
      if (options.all) done(null, good)
      else done(null, first.address, first.family)
    })
  }
}

function open(url: URL, bounds: FetchBounds, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const req = request(url, {
      // No agent: no connection that was made under other rules, and no proxy.
      agent: false,
      lookup: publicLookup(portOf(url), bounds.allowed),
      signal,
      maxHeaderSize: 16 * 1024,
      headers: {
        accept: bounds.types.map((type) => (type.endsWith('/') ? `${type}*` : type)).join(','),
        'accept-encoding': 'gzip, deflate, br',
        'accept-language': ACCEPT_LANGUAGE,
        'user-agent': 'Mozilla/5.0 (compatible; Chappe link preview)',
      },
    })
    req.on('response', resolve)
    req.on('error', (error) => reject(asFetchError(error, signal)))
    req.end()
  })
}

function asFetchError(error: unknown, signal: AbortSignal): FetchError {
  const cause = signal.aborted ? signal.reason : error
  return cause instanceof FetchError ? cause : new FetchError((cause as Error)?.message ?? 'failed', { cause })
}

async function read(
  url: string,
  response: IncomingMessage,
  bounds: FetchBounds,
  signal: AbortSignal,
): Promise<Fetched> {
  try {
    if (response.statusCode !== 200) throw new FetchError(`status ${response.statusCode}`)
    const [type = '', ...parameters] = (response.headers['content-type'] ?? '').toLowerCase().split(';')
    const plain = type.trim()
    if (!bounds.types.some((one) => plain.startsWith(one))) throw new FetchError(`content type ${plain}`)
    const charset = parameters.map((one) => /^\s*charset="?([\w.:-]+)"?\s*$/.exec(one)?.[1]).find((one) => one)
    const length = Number(response.headers['content-length'] ?? 0)
    if (bounds.whole && length > bounds.bytes) throw new FetchError('too large')
    return { url, type: plain, charset, body: await collect(unpacked(response), bounds) }
  } catch (error) {
    throw asFetchError(error, signal)
  } finally {
    response.destroy()
  }
}

function unpacked(response: IncomingMessage): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase().trim()
  const by =
    encoding === 'gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined
  if (by === undefined) {
    if (encoding !== 'identity') throw new FetchError(`encoding ${encoding}`)
    return response
  }
  response.on('error', (error) => by.destroy(error))
  return response.pipe(by)
}

async function collect(stream: Readable, bounds: FetchBounds): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size < bounds.bytes) continue
    if (bounds.whole && size > bounds.bytes) throw new FetchError('too large')
    if (!bounds.whole) break
  }
  return Buffer.concat(parts).subarray(0, bounds.bytes)
}
