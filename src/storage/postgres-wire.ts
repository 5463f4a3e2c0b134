import type { Bound } from './postgres-batch.ts'

// What is said to a PostgreSQL server, written one after the other into one piece of memory: a batch is one write to
// the socket. https://www.postgresql.org/docs/current/protocol-message-formats.html

let bytes = Buffer.allocUnsafeSlow(64 * 1024)
let end = 0
/** A batch of more than this leaves in memory of its own, which is given back. */
const KEEP = 1024 * 1024

function room(more: number): void {
  if (end + more <= bytes.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, end + more))
  bytes.copy(larger, 0, 0, end)
  bytes = larger
}

function begin(code: string, most: number): number {
  room(5 + most)
  bytes[end] = code.charCodeAt(0)
  end += 5
  return end - 4
}

/** Writes the length of the message that began there. */
function over(at: number): void {
  bytes.writeInt32BE(end - at, at)
}

function zeroEnded(text: string): void {
  end += bytes.write(text, end)
  bytes[end++] = 0
}

/** A count: of values there are 65,535 at most. */
function int16(value: number): void {
  end = bytes.writeUInt16BE(value, end)
}

/** At most so many bytes does a text take. */
const mostOf = (text: string): number => 3 * text.length + 1

export function parse(name: string, text: string): void {
  const at = begin('P', mostOf(name) + mostOf(text) + 2)
  zeroEnded(name)
  zeroEnded(text)
  int16(0)
  over(at)
}

export function bind(name: string, values: readonly Bound[]): void {
  const at = begin('B', mostOf(name) + 16 + 6 * values.length)
  bytes[end++] = 0
  zeroEnded(name)
  int16(values.length)
  for (const value of values) int16(typeof value === 'object' && value !== null ? 1 : 0)
  int16(values.length)
  for (const value of values) {
    if (value === null) {
      room(4)
      end = bytes.writeInt32BE(-1, end)
    } else if (typeof value === 'string') {
      room(4 + mostOf(value))
      const length = bytes.write(value, end + 4)
      bytes.writeInt32BE(length, end)
      end += 4 + length
    } else {
      room(4 + value.length)
      end = bytes.writeInt32BE(value.length, end)
      end += value.copy(bytes, end)
    }
  }
  room(4)
  int16(1)
  int16(0)
  over(at)
}

export function describePortal(): void {
  const at = begin('D', 2)
  bytes[end++] = 80 // P
  bytes[end++] = 0
  over(at)
}

export function execute(): void {
  const at = begin('E', 5)
  bytes[end++] = 0
  end = bytes.writeInt32BE(0, end)
  over(at)
}

export function closeStatement(name: string): void {
  const at = begin('C', 1 + mostOf(name))
  bytes[end++] = 83 // S
  zeroEnded(name)
  over(at)
}

export function sync(): void {
  over(begin('S', 0))
}

/** All that was written since the last time. */
export function taken(): Buffer {
  const all = Buffer.allocUnsafe(end)
  bytes.copy(all, 0, 0, end)
  end = 0
  if (bytes.length > KEEP) bytes = Buffer.allocUnsafeSlow(64 * 1024)
  return all
}

/** Forgets what was written: it will not be said. */
export function dropped(): void {
  end = 0
}
