// Finds out by its first bytes what a client speaks. https://core.telegram.org/mtproto/mtproto-transports
import { type Hello, helloLength } from './fake-tls.ts'
import { HEADER, type Obfuscation, openObfuscation, type Secret } from './obfuscation.ts'
import type { Server } from './server.ts'
import { createFull, type Framing, framingOf, TAG_ABRIDGED, TAG_INTERMEDIATE, TAG_PADDED } from './transports.ts'

/** What the first `used` bytes said. Nothing in it: they are too few to know. */
export interface Opening {
  used: number
  framing?: Framing
  obfuscation?: Obfuscation
  hello?: Hello
  /** Why the client is sent away. */
  refuse?: string
}

const MORE: Opening = { used: 0 }
const HTTP = ['GET ', 'POST', 'HEAD', 'OPTI', 'PUT ']

const refuse = (reason: string): Opening => ({ used: 0, refuse: reason })

/** Looks at the start of a stream; `inside` is the secret whose TLS records it came out of. */
export function opening(server: Server, buf: Buffer, inside: Secret | undefined): Opening {
  const bare = server.allowBare && inside === undefined
  const framing = (tag: number, used: number): Opening => ({ used, framing: framingOf(tag, server.padded)! })
  if (buf.length === 0) return MORE
  if (bare && buf[0] === 0xef) return framing(TAG_ABRIDGED, 1)
  if (buf.length < 4) return MORE
  const first = buf.readUInt32LE(0)
  if (bare && (first === TAG_INTERMEDIATE || first === TAG_PADDED)) return framing(first, 4)
  if (HTTP.includes(buf.toString('latin1', 0, 4))) return refuse('HTTP')
  const tls = buf[0] === 22 && buf[1] === 3 && inside === undefined
  if (tls && server.secrets.some((secret) => secret.kind === 'ee')) {
    const length = helloLength(buf)
    if (length === 0 || buf.length < length) return MORE
    const hello = length < 0 ? undefined : server.openHello(buf.subarray(0, length))
    return hello === undefined ? refuse('TLS without a secret') : { used: length, hello }
  }
  if (buf.length < 8) return MORE
  // The second word of an obfuscated header is never 0; in the full transport it is the first frame's number.
  if (bare && buf.readInt32LE(4) === 0) return { used: 0, framing: createFull() }
  if (buf.length < HEADER) return MORE
  const obfuscation = obfuscated(server, buf.subarray(0, HEADER), inside)
  if (obfuscation === undefined) return refuse('no transport')
  return { used: HEADER, obfuscation, framing: framingOf(obfuscation.tag, server.padded)! }
}

function obfuscated(server: Server, header: Buffer, inside: Secret | undefined): Obfuscation | undefined {
  if (inside !== undefined) return openObfuscation(header, inside)
  const candidates = server.allowBare ? [undefined, ...server.secrets] : server.secrets
  for (const secret of candidates) {
    if (secret?.kind === 'ee') continue
    const opened = openObfuscation(header, secret)
    if (opened !== undefined) return opened
  }
  return undefined
}
