import { open } from 'node:fs/promises'

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/**
 * The same for many at once: who comes while a directory is being synced waits for one more sync of it, together with
 * all others that came meanwhile.
 */
export class DirectorySyncs {
  /** By path: the sync under way, and the one after it if somebody waits for that. */
  readonly #running = new Map<string, { now: Promise<void>; next: Promise<void> | undefined }>()

  sync(path: string): Promise<void> {
    const running = this.#running.get(path)
    if (running === undefined) return this.#run(path)
    running.next ??= running.now.then(
      () => this.#run(path),
      () => this.#run(path),
    )
    return running.next
  }

  #run(path: string): Promise<void> {
    const now = syncDirectory(path).finally(() => {
      // Whoever waits for the next one has its beginning as a reaction to this one's end.
      if (this.#running.get(path)?.now === now) this.#running.delete(path)
    })
    this.#running.set(path, { now, next: undefined })
    return now
  }
}
