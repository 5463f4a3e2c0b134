import type { OpenOptions, WireClient } from './client.ts'

export const LIBRARIES = ['mtcute', 'telegram', 'teleproto', 'telegram-145', 'telegram-158'] as const
export type Library = (typeof LIBRARIES)[number]

/** Opens an unmodified client library: signs up or in, or goes on with a session. */
export async function openClient(library: Library, options: OpenOptions): Promise<WireClient> {
  if (library === 'mtcute') return (await import('./mtcute.ts')).openMtcute(options)
  return (await import('./gramjs.ts')).openGramjs(library, options)
}

export * from './client.ts'
