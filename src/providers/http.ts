/** Why a provider gave nothing: it did not understand, has had enough, was too slow, or something else. */
export class ProviderError extends Error {
  readonly reason: 'refused' | 'quota' | 'timeout' | 'failed'

  constructor(reason: ProviderError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Largest answer that is read, bytes. */
const MAX_ANSWER = 4 * 1024 * 1024

/**
 * Posts to a provider and reads its answer as JSON. A redirect is a failure, so that what people say goes nowhere but
 * to the address that was configured. @throws ProviderError
 */
export async function post(
  url: URL,
  body: string | FormData,
  headers: Record<string, string>,
  timeout: number,
): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(timeout)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal })
    const text = await readText(response)
    if (response.ok) return JSON.parse(text)
    const reason =
      response.status === 429 || response.status === 403 ? 'quota' : response.status === 400 ? 'refused' : 'failed'
    throw new ProviderError(reason, `answered ${response.status}: ${text.slice(0, 200)}`)
  } catch (error) {
    if (error instanceof ProviderError) throw error
    const late = (error as Error).name === 'TimeoutError'
    throw new ProviderError(late ? 'timeout' : 'failed', (error as Error).message)
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > MAX_ANSWER) throw new ProviderError('failed', 'the answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** Lets so many calls to a provider run at once; the others wait their turn, up to a bound. */
export function inTurns(atOnce: number, waiting: number) {
  let running = 0
  const queue: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new ProviderError('quota', 'too many calls wait already')
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
