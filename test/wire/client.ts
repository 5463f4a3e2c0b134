import type { Plain } from './plain.ts'

/** Where a client goes, and by which key it knows the server. */
export interface Target {
  host: string
  port: number
  httpPort?: number | undefined
  /** Where WebSockets go instead, over TLS. */
  webSocket?: string
  publicPem: string
  /** The same server's other nodes. */
  others?: readonly Target[]
}

/** How a client's bytes travel. Not every library has every one. */
export type Transport = 'abridged' | 'intermediate' | 'padded' | 'full' | 'obfuscated' | 'websocket'

/** A message as a test compares it, whatever the library. */
export interface Seen {
  id: number
  text: string
  out: boolean
  /** The author's account. */
  from: number
}

/** What the wire tests do with every library; each implementation only calls the library. */
export interface WireClient {
  readonly library: string
  readonly id: number
  /** Gets the client's own name for a user by phone number: imports the contact. */
  know(phone: string, firstName: string): Promise<number>
  /** Sends a text to a user it knows, or to a basic group (negative id). Gives the message's id. */
  say(peer: number, text: string): Promise<number>
  edit(peer: number, id: number, text: string): Promise<void>
  remove(peer: number, ids: number[]): Promise<void>
  read(peer: number, maxId: number): Promise<void>
  history(peer: number, limit?: number): Promise<Seen[]>
  dialogs(): Promise<{ peer: number; unread: number }[]>
  /** Makes a basic group with users it knows; its marked id. */
  createGroup(title: string, users: number[]): Promise<number>
  /** Makes a supergroup with users it knows; its marked id. */
  createSupergroup?(title: string, users: number[]): Promise<number>
  sendFile(peer: number, name: string, content: Buffer): Promise<number>
  /** Downloads what is attached to a message. */
  download(peer: number, id: number): Promise<Buffer>
  /** Any method of the library's layer, written, sent and read by the library; what it answered as a plain object. */
  invoke?(request: Plain): Promise<Plain>
  /** Whether the library can name a peer by itself, out of what it was sent. */
  isKnown?(peer: number): Promise<boolean>
  /** Answers a message where a post is discussed. */
  comment?(where: number, post: number, answered: number, text: string): Promise<void>
  /** Opens somebody by a message that shows them, with their photo, and writes to them. */
  meet?(where: number, id: number, user: number, text: string): Promise<{ firstName: string; photo: Buffer }>
  /** For a bot: how somebody's place somewhere has changed, in the library's words, in the order of arrival. */
  readonly members?: readonly { type: string; chat: number; user: number }[]
  /** Texts of messages it was pushed, in the order of their arrival. */
  readonly pushed: Seen[]
  /** The session as a string, to go on with later. */
  session(): Promise<string>
  close(): Promise<void>
}

export interface OpenOptions {
  target: Target
  transport?: Transport
  /** Goes on with an earlier session instead of signing in. */
  session?: string
  phone: string
  firstName: string
  /** Signs in as a bot instead. */
  botToken?: string
}

/** Waits until something holds, looking often; fails after a bound that is far above what it takes. */
export async function until<T>(what: string, look: () => T | Promise<T>, ms = 15_000): Promise<NonNullable<T>> {
  const end = performance.now() + ms
  for (;;) {
    const value = await look()
    if (value) return value
    if (performance.now() > end) throw new Error(`waited ${ms} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The code of a test number 99966XYYYY. */
export const codeOf = (phone: string): string => phone.replace(/\D/g, '')[5]!.repeat(5)
