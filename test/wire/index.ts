import type { Server } from '../../src/server.ts'
import type { OpenOptions, Target, WireClient } from './client.ts'
import { openTelethon, telethonInstalled } from './telethon.ts'

export type Library = 'mtcute' | 'telegram' | 'teleproto' | 'telegram-145' | 'telegram-158' | 'telethon'

/** Layers 223, 198, 229, 145 and 158, all of npm; and 144 where the machine has Telethon (python3-telethon of Debian). */
export const LIBRARIES: readonly Library[] = [
  'mtcute',
  'telegram',
  'teleproto',
  'telegram-145',
  'telegram-158',
  ...(telethonInstalled() ? (['telethon'] as const) : []),
]

/** Opens an unmodified client library: signs up or in, or goes on with a session. */
export async function openClient(library: Library, given: OpenOptions): Promise<WireClient> {
  const options = { ...given, target: nextOf(given.target) }
  if (library === 'mtcute') return (await import('./mtcute.ts')).openMtcute(options)
  if (library === 'telethon') return openTelethon(options)
  return (await import('./gramjs.ts')).openGramjs(library, options)
}

/** Where the wire clients find a server; its other nodes are for every other client. */
export function targetOf(server: Server, ...others: Server[]): Target {
  const { address, httpPort, keys } = server
  const target = { host: address.host, port: address.port, httpPort, publicPem: keys.rsa.publicPem }
  return others.length === 0 ? target : { ...target, others: others.map((other) => targetOf(other)) }
}

let opened = 0

/** Each client goes to another node. */
function nextOf(target: Target): Target {
  const all = [target, ...(target.others ?? [])]
  return all[opened++ % all.length]!
}

/** Closes clients whatever happens, before their server goes. */
export class Clients implements AsyncDisposable {
  readonly #all: WireClient[] = []

  async open(library: Library, options: OpenOptions): Promise<WireClient> {
    const client = await openClient(library, options)
    this.#all.push(client)
    return client
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#all.splice(0).map((c) => c.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

export * from './client.ts'
