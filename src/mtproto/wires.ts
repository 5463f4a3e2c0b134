// What connections write to.
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/** What carries the bytes: a socket, a WebSocket, one HTTP request. */
export interface Wire {
  /** Bytes written that wait to leave. */
  readonly buffered: number
  /** `done` is called when the bytes are not needed any more, if that is ever known. */
  write(bytes: Buffer, done?: (error?: Error | null) => void): void
  pause(): void
  resume(): void
  /** Closes when what was written has left. */
  end(): void
  destroy(): void
  /** Tells a transport error, where that is not a frame. */
  fail?(code: number): void
}

/** A TCP socket. Its stream is asked for what waits only after a write it could not take at once. */
class TcpWire implements Wire {
  readonly #socket: Socket
  #full = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** What waits, once it is more than the socket takes willingly; less counts as nothing. */
  get buffered(): number {
    if (!this.#full) return 0
    const waiting = this.#socket.writableLength
    if (waiting === 0) this.#full = false
    return waiting
  }

  write(bytes: Buffer, done?: (error?: Error | null) => void): void {
    // Most writes have no callback: for those the stream keeps no books.
    const taken = done === undefined ? this.#socket.write(bytes) : this.#socket.write(bytes, done)
    if (!taken) this.#full = true
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }
}

export const tcpWire = (socket: Socket): Wire => new TcpWire(socket)

/** `drained` is called when what was written has left. */
export function webSocketWire(ws: WebSocket, drained: () => void): Wire {
  return {
    get buffered() {
      return ws.bufferedAmount
    },
    write: (bytes, done) =>
      ws.send(bytes, { binary: true }, (error) => {
        done?.(error)
        drained()
      }),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    end: () => ws.close(1000),
    destroy: () => ws.terminate(),
  }
}
