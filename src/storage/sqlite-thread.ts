import { Worker } from 'node:worker_threads'

export interface Asked {
  id: number
  what: 'checkpoint' | 'restart' | 'backup'
  file?: string | undefined
}

export interface Answered {
  id: number
  done?: boolean
  error?: string
}

/** A worker thread with its own connection to the database. It starts at the first call: most tests never need it. */
export class SqliteThread {
  readonly #path: string
  #worker: Worker | undefined
  #calls = new Map<number, PromiseWithResolvers<boolean>>()
  #last = 0

  constructor(path: string) {
    this.#path = path
  }

  /**
   * `checkpoint`: copies the log as far as it may be; true when all of it was. `restart`: begins the log again, after
   * a whole checkpoint. `backup`: copies the database to `file`.
   */
  call(what: Asked['what'], file?: string): Promise<boolean> {
    const worker = (this.#worker ??= this.#start())
    const call = Promise.withResolvers<boolean>()
    this.#calls.set(++this.#last, call)
    worker.ref() // a process that waits for an answer does not end
    worker.postMessage({ id: this.#last, what, file } satisfies Asked)
    return call.promise
  }

  #start(): Worker {
    const worker = new Worker(new URL('sqlite-worker.ts', import.meta.url), { workerData: { path: this.#path } })
    worker.on('message', ({ id, done, error }: Answered) => {
      const call = this.#calls.get(id)
      this.#calls.delete(id)
      if (this.#calls.size === 0) worker.unref()
      if (error !== undefined) call?.reject(new Error(error))
      else call?.resolve(done === true)
    })
    const gone = (error: Error) => {
      if (this.#worker === worker) this.#worker = undefined // the next call starts another
      for (const call of this.#calls.values()) call.reject(error)
      this.#calls.clear()
    }
    worker.on('error', gone)
    worker.on('exit', () => gone(new Error('the thread of the database ended')))
    return worker
  }

  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage(null) // it closes its connection by itself: a thread that is torn down might not
    await ended
  }
}
