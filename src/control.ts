import { chmod, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { ConfigError } from './config.ts'

// An operator's command on a server that runs is carried out by that server, which alone can tell its clients. It
// listens on a socket in its data directory: whoever may read the data may command it.

/** What one command says: lines for the operator. */
export type Run = (command: string, args: string[]) => Promise<string[]>

/** Most that one command or its answer may hold, bytes. */
const MAX_ASK = 64 * 1024
const MAX_ANSWER = 64 * 1024 * 1024
/** How long one side waits for the other's words, ms. A command itself takes as long as it takes. */
const PATIENCE = 5000

/** A socket's path has room for about a hundred bytes; from the working directory it may be shorter. */
function pathOf(dataDir: string): string {
  const full = join(dataDir, 'control.sock')
  const short = relative(process.cwd(), full)
  return short.length < full.length ? short : full
}

async function firstLine(socket: Socket, most: number): Promise<string | undefined> {
  let text = ''
  socket.setEncoding('utf8')
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    text += part
    if (text.length > most) return undefined
    const end = text.indexOf('\n')
    if (end >= 0) return text.slice(0, end)
  }
  return undefined
}

/**
 * Takes commands for the server that uses this data directory.
 * @throws ConfigError when another server uses it already
 */
export async function listenControl(dataDir: string, run: Run): Promise<AsyncDisposable> {
  const path = pathOf(dataDir)
  if (await answers(path)) throw new ConfigError(`${dataDir}: a server already runs on this data`)
  await rm(path, { force: true })
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    socket.on('error', () => socket.destroy())
    socket.setTimeout(PATIENCE, () => socket.destroy())
    try {
      const line = await firstLine(socket, MAX_ASK)
      if (line === undefined) return void socket.destroy()
      socket.setTimeout(0)
      const { command, args } = JSON.parse(line)
      if (typeof command !== 'string' || !Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) {
        return void socket.destroy()
      }
      const answer = await run(command, args).then(
        (lines) => ({ lines }),
        (error: Error) => ({ error: error.message }),
      )
      socket.end(`${JSON.stringify(answer)}\n`)
    } catch {
      socket.destroy()
    }
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(path, done)
  })
  await chmod(path, 0o600)
  return { [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())) }
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
}

/**
 * Has the server that runs on this data directory carry out a command.
 * @returns its lines, or undefined when no server runs there
 * @throws Error with the server's reason when it refused
 */
export async function callControl(dataDir: string, command: string, args: string[]): Promise<string[] | undefined> {
  const socket = connect(pathOf(dataDir))
  const connected = await new Promise<boolean>((done) => {
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
  if (!connected) return undefined
  socket.write(`${JSON.stringify({ command, args })}\n`)
  const line = await firstLine(socket, MAX_ANSWER)
  socket.destroy()
  if (line === undefined) throw new Error('the server ended the conversation')
  const { lines, error } = JSON.parse(line)
  if (error !== undefined) throw new Error(error)
  return lines
}
