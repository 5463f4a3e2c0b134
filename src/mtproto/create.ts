import { Fronts } from './fronts.ts'
import type { MtprotoHost, MtprotoOptions } from './host.ts'
import { type Mtproto, Server } from './server.ts'

/**
 * The MTProto side of a server: transports, key exchange, sessions. It hands requests to `host.onRequest`.
 * @param threads how many threads hold the TCP connections and encrypt; 0 does all of it on the calling thread
 * @param levels of the log that threads need to tell
 */
export function createMtproto(
  host: MtprotoHost,
  options: Partial<MtprotoOptions> = {},
  threads = 0,
  levels: string[] = ['warn', 'error'],
): Mtproto {
  return threads > 0 ? new Fronts(host, options, threads, levels) : new Server(host, options)
}
