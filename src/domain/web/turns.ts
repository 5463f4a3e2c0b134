import type { App } from '../../rpc/app.ts'

/** Fetches under way at once, and how many more may wait for their turn. */
const AT_ONCE = 8
const WAITING = 1000
/** Of one account, under way and waiting. */
const PER_ACCOUNT = 20

/** What one server is fetching. */
interface Turns {
  running: number
  readonly queue: (() => void)[]
  /** Pages that are being fetched, or wait for it. */
  readonly pages: Set<number>
  readonly byAccount: Map<number, number>
  readonly under: Set<Promise<void>>
  readonly stop: AbortController
}

const servers = new WeakMap<App, Turns>()

function turnsOf(app: App): Turns {
  let turns = servers.get(app)
  if (!turns) {
    turns = {
      running: 0,
      queue: [],
      pages: new Set(),
      byAccount: new Map(),
      under: new Set(),
      stop: new AbortController(),
    }
    servers.set(app, turns)
  }
  return turns
}

/**
 * Begins to fetch a page, behind others where too many are under way. Nobody waits for it. What is beyond the bounds,
 * of the server or of the account that asks, is not fetched, and given up later.
 */
export function startLoading(app: App, page: number, account: number): void {
  const turns = turnsOf(app)
  const mine = turns.byAccount.get(account) ?? 0
  if (turns.stop.signal.aborted || turns.pages.has(page)) return
  if (mine >= PER_ACCOUNT || turns.queue.length >= WAITING) return
  turns.pages.add(page)
  turns.byAccount.set(account, mine + 1)
  const done = run(app, turns, page, account).finally(() => {
    turns.under.delete(done)
    turns.pages.delete(page)
    const left = turns.byAccount.get(account)! - 1
    if (left > 0) turns.byAccount.set(account, left)
    else turns.byAccount.delete(account)
  })
  turns.under.add(done)
}

async function run(app: App, turns: Turns, page: number, account: number): Promise<void> {
  if (turns.running >= AT_ONCE) await new Promise<void>((resolve) => turns.queue.push(resolve))
  else turns.running++
  try {
    if (turns.stop.signal.aborted) return
    // Loaded at the first link, so that a server without previews does without the parser.
    const { loadPage } = await import('./load.ts')
    await loadPage(app, page, account, turns.stop.signal)
  } catch (error) {
    if (!turns.stop.signal.aborted) app.log.error({ err: error, page }, 'a preview failed')
  } finally {
    const next = turns.queue.shift()
    if (next) next()
    else turns.running--
  }
}

/** Whether this process is fetching a page now. */
export function isLoading(app: App, page: number): boolean {
  return turnsOf(app).pages.has(page)
}

/** Ends what is being fetched: its pages are given up, or fetched again, when somebody names them. */
export async function stopLoading(app: App): Promise<void> {
  const turns = turnsOf(app)
  turns.stop.abort()
  await Promise.allSettled(turns.under)
}
