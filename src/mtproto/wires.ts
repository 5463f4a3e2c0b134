// What connections write to.
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Wire } from './connection.ts'

export function tcpWire(socket: Socket): Wire {
  return {
    get buffered() {
      return socket.writableLength
    },
    write: (bytes, done) => void (done === undefined ? socket.write(bytes) : socket.write(bytes, done)),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => socket.destroySoon(),
    destroy: () => void socket.destroy(),
  }
}

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
