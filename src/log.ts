import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { LogFn, Logger } from 'pino'
import { LOG_LEVELS, type LogLevel } from './config.ts'

type Level = Exclude<LogLevel, 'silent'>

/** The log: first an object of facts, then a fixed text. Bodies, texts of messages and secrets are never among the facts. */
export type Log = Record<Level, LogFn>

/** A phone number as far as an operator needs it to find an account: the last two digits are kept, the middle is not. */
export function shortPhone(phone: unknown): string {
  const digits = String(phone).replace(/\D/g, '')
  return digits.length < 7 ? '…' : `+${digits.slice(0, 4)}…${digits.slice(-2)}`
}

/** An error as name, message, code and stack. Databases hang values of rows on their errors (`detail`); these stay out. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error
  const code = (error as { code?: unknown }).code
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: plainError(error.cause) }),
  }
}

/** Facts that are hidden wherever somebody logs them by mistake. */
const HIDDEN = [
  'message',
  'text',
  'body',
  'params',
  'code',
  'password',
  'token',
  'secret',
  'key',
  'authKey',
  'email',
] as const

const hidden = () => '[hidden]'

/** How facts are written. The serializers see top-level facts only: log few and flat ones. */
const serializers = {
  ...Object.fromEntries(HIDDEN.map((name) => [name, hidden])),
  phone: shortPhone,
  err: plainError,
  error: plainError,
}

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'ERROR', 60: 'FATAL' }

/** One line of the log for a person: time, level, text, facts. */
export function pretty(line: string): string {
  const { level, time, msg, err, ...facts } = JSON.parse(line)
  const clock = new Date(time).toTimeString().slice(0, 8)
  const rest = Object.entries(facts).map(([name, v]) => `${name}=${typeof v === 'object' ? JSON.stringify(v) : v}`)
  const stack = err === undefined ? '' : `\n  ${String(err.stack ?? err.message ?? err).replaceAll('\n', '\n  ')}`
  return `${clock} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${[msg, ...rest].filter(Boolean).join(' ')}${stack}\n`
}

export interface LogOptions {
  /** Where lines go; standard error by default, so that what the command prints can be read by a program. */
  to?: { write(line: string): unknown }
  /** Lines for a person instead of JSON; by default when standard error is a terminal. */
  pretty?: boolean
}

/** The server's log. What writes it is loaded with the first line: a start that has nothing to say does without. */
export function createLog(level: LogLevel, options: LogOptions = {}): Log {
  let logger: Logger | undefined
  const line = (name: Level) => (first: unknown, text?: string) => {
    try {
      logger ??= openLog(level, options)
    } catch {
      // It cannot be read, as when no file can be opened any more, which is what this line may be about.
      writeSync(2, `${text ?? first}\n`)
      return
    }
    logger[name](first, text)
  }
  const levels = LOG_LEVELS.filter((name) => name !== 'silent')
  const lowest = level === 'silent' ? levels.length : levels.indexOf(level)
  const written = (name: Level, i: number): LogFn => (i < lowest ? () => {} : (line(name) as LogFn))
  return Object.fromEntries(levels.map((name, i) => [name, written(name, i)])) as Log
}

function openLog(level: LogLevel, options: LogOptions): Logger {
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino')
  const out = options.to ?? pino.destination({ dest: 2, sync: false })
  const forPeople = options.pretty ?? (options.to === undefined && process.stderr.isTTY === true)
  return pino(
    { level, serializers, base: undefined },
    forPeople ? { write: (line) => void out.write(pretty(line)) } : (out as { write(line: string): void }),
  )
}
