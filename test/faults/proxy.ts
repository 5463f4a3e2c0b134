import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A TCP connection's middle, that can be cut: what goes through it ends, and nothing new gets through till it heals. Or
 * held: then neither end hears anything of the other, not even that it is gone.
 */
export class Middle {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #held = new Set<Socket>()
  #cut = false
  #holding = false

  private constructor(host: string, port: number) {
    this.#server = createServer((from) => {
      if (this.#cut) {
        from.destroy()
        return
      }
      const to = connect(port, host)
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        one.setNoDelay(true)
        this.#sockets.add(one)
        one.on('error', () => one.destroy())
        one.on('close', () => {
          this.#sockets.delete(one)
          if (!this.#held.has(other)) other.destroy()
        })
        one.on('end', () => {
          if (!this.#held.has(other)) other.end()
        })
        one.pipe(other, { end: false })
        if (this.#holding) this.#holdOne(one)
      }
    })
  }

  #holdOne(socket: Socket): void {
    this.#held.add(socket)
    socket.unpipe()
    socket.resume() // reads on, to no end
  }

  /** What goes through it now, or comes from now on, is never heard of again. */
  hold(): void {
    this.#holding = true
    for (const socket of this.#sockets) this.#holdOne(socket)
  }

  /** New connections get through. */
  release(): void {
    this.#holding = false
  }

  /** A way to what listens at that URL; `address` is the URL by way of it. */
  static async to(url: string): Promise<{ proxy: Middle; address: string }> {
    const target = new URL(url)
    const proxy = new Middle(target.hostname, Number(target.port))
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    target.port = String((proxy.#server.address() as { port: number }).port)
    return { proxy, address: target.href }
  }

  cut(): void {
    this.#cut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  heal(): void {
    this.#cut = false
  }

  close(): void {
    this.cut()
    this.#server.close()
  }
}
