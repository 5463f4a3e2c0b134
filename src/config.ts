import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Checked, fields, optional, type Partly, Unusable, usually, value } from './checks.ts'
import { type Limits, limits } from './limits.ts'

/** A setting that cannot be used. `message` is one line that names where the value stands and what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A value as given on the command line or in the environment is text; a file may hold the value itself. */
const spelled = <T>(expected: string, read: (text: string) => T | undefined) =>
  value(expected, (raw): T | undefined => {
    const text = typeof raw === 'string' ? raw.trim() : typeof raw === 'number' ? String(raw) : undefined
    return text === undefined ? undefined : read(text)
  })

const whole = (min: number, max: number) =>
  spelled(`expected a number between ${min} and ${max}`, (text) => {
    const n = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    return n >= min && n <= max ? n : undefined
  })

const text = (expected: string) => spelled(`expected ${expected}`, (s) => (s === '' ? undefined : s))

const yesNo = value('expected true or false', (raw): boolean | undefined => {
  if (raw === true || raw === false) return raw
  if (typeof raw !== 'string') return undefined
  if (/^(1|true|yes|on)$/i.test(raw)) return true
  return /^(0|false|no|off|)$/i.test(raw) ? false : undefined
})

function url(expected: string, protocols: string[]) {
  return spelled(expected, (s) => {
    if (!URL.canParse(s)) return undefined
    const { protocol, hostname } = new URL(s)
    return protocols.includes(protocol) && hostname !== '' ? s : undefined
  })
}

export interface Address {
  host: string
  port?: number
}

function readAddress(s: string): Address | undefined {
  const [, v6, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(s) ?? []
  const host = v6 ?? name ?? (isIPv6(s) ? s : undefined)
  if (host === undefined || (v6 !== undefined && !isIPv6(v6))) return undefined
  if (digits === undefined) return { host }
  const port = Number(digits)
  return port >= 1 && port <= 65_535 ? { host, port } : undefined
}

function readDatabase(s: string): string | undefined {
  if (s.startsWith('sqlite:') && s.length > 7) return `sqlite:${resolve(s.slice(7).replace(/^\/\/(?=\/)/, ''))}`
  return /^postgres(ql)?:\/\//.test(s) && URL.canParse(s) ? s : undefined
}

function readBlobs(s: string): string | undefined {
  if (s.startsWith('s3://')) return URL.canParse(s) && new URL(s).hostname !== '' ? s : undefined
  return s === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(s) ? undefined : resolve(s)
}

const hexSecret = /^(?:[0-9a-f]{32}|dd[0-9a-f]{32}|ee[0-9a-f]{32}(?:[0-9a-f]{2}){1,182})$/
const secrets = value(
  'expected 32 hex digits, alone, after dd, or between ee and the hex digits of a host name',
  (raw): string[] | undefined => {
    const list = (Array.isArray(raw) ? raw : [raw]).flatMap((s) => (typeof s === 'string' ? s.split(',') : [s]))
    const out = list.map((s) => (typeof s === 'string' ? s.trim().toLowerCase() : ''))
    return out.every((s) => hexSecret.test(s)) ? out : undefined
  },
)

const webAddress = url('expected http://... or https://...', ['http:', 'https:'])

const options = {
  data: usually(text('a directory'), 'data'),
  host: usually(text('an address to listen on'), '127.0.0.1'),
  port: usually(whole(0, 65_535), 4430),
  httpPort: usually(
    spelled('expected a number between 0 and 65535, or off', (s): number | 'off' | undefined =>
      s === 'off' ? 'off' : /^\d{1,5}$/.test(s) && Number(s) <= 65_535 ? Number(s) : undefined,
    ),
    8080,
  ),
  advertise: optional(spelled('expected HOST or HOST:PORT', readAddress)),
  database: optional(spelled('expected sqlite:FILE or postgres://...', readDatabase)),
  bus: optional(url('expected nats://HOST[:PORT]', ['nats:', 'tls:'])),
  blobs: optional(spelled('expected a directory or s3://...', readBlobs)),
  dc: usually(whole(1, 5), 2),
  threads: usually(whole(0, 64), 0),
  test: usually(yesNo, false),
  mtproxySecret: usually(secrets, []),
  smtp: optional(url('expected smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://...', ['smtp:', 'smtps:'])),
  mailFrom: usually(
    spelled('expected a mail address', (s) => (/^[^\r\n]*[^\s@]+@[^\s@]+$/.test(s) ? s : undefined)),
    'Chappe <chappe@localhost>',
  ),
  smsHook: optional(webAddress),
  smsJobs: optional(webAddress),
  translateUrl: optional(webAddress),
  transcribeUrl: optional(webAddress),
  mapUrl: optional(
    spelled('expected http://... or https://... with {lat} and {long} in it', (s) =>
      /^https?:\/\//.test(s) && URL.canParse(s) && s.includes('{lat}') && s.includes('{long}') ? s : undefined,
    ),
  ),
  logLevel: usually(
    value(`expected one of ${LOG_LEVELS.join(', ')}`, (raw) => LOG_LEVELS.find((level) => level === raw)),
    'info',
  ),
  trustProxy: usually(yesNo, false),
  linkPreviews: usually(
    spelled('expected on or off', (s): boolean | undefined =>
      /^(on|true|yes|1)$/i.test(s) ? true : /^(off|false|no|0)$/i.test(s) ? false : undefined,
    ),
    true,
  ),
  stopSeconds: usually(whole(0, 3600), 10),
  limits,
}

const settings = fields(options)
type OptionName = keyof typeof options

/** How each option is written in the help: the word for its value ('' for a switch), and what it does. */
const TEXTS: Record<Exclude<OptionName, 'limits'>, [word: string, text: string]> = {
  data: ['DIR', 'where the server keeps its keys, database and files (default: data)'],
  host: ['HOST', 'address to listen on (default: 127.0.0.1; 0.0.0.0 for every network)'],
  port: ['PORT', 'MTProto over TCP (default: 4430; 0 takes a free one)'],
  httpPort: ['PORT', 'WebSocket, HTTP, /healthz, /metrics (default: 8080; off for none)'],
  advertise: ['HOST[:PORT]', 'the address that clients are told, when it differs from --host and --port'],
  database: ['URL', 'sqlite:FILE or postgres://... (default: sqlite:DIR/chappe.db)'],
  bus: ['URL', 'nats://... between several nodes (default: this process only)'],
  blobs: ['DIR|URL', 'a directory or s3://... (default: DIR/blobs)'],
  dc: ['N', 'the number of the data centre that this server is (default: 2)'],
  threads: ['N', 'threads that hold the TCP connections and encrypt: 2, for large groups and files (default: 0)'],
  test: ['', 'test server: phone numbers 99966XYYYY take the code XXXXX, no flood limits'],
  mtproxySecret: ['SECRET', 'MTProxy secret in hex, also with dd or ee in front; may be repeated'],
  smtp: ['URL', 'mail server for login and recovery codes (default: codes go to the log)'],
  mailFrom: ['ADDRESS', 'sender of mails (default: Chappe <chappe@localhost>)'],
  smsHook: ['URL', 'HTTP address that takes {phone, code, text} and sends the text message'],
  smsJobs: ['URL', 'accounts may send codes by text message for the server, on the terms at this address'],
  translateUrl: ['URL', 'LibreTranslate server that translates messages (?api_key=KEY where it wants one)'],
  transcribeUrl: ['URL', 'a whisper.cpp server that writes down voice messages'],
  mapUrl: ['URL', 'maps of places: an address with {lat}, {long}, {zoom}, {w}, {h} and {scale} in it'],
  logLevel: ['LEVEL', `${LOG_LEVELS.join(', ')} (default: info)`],
  linkPreviews: ['on|off', 'fetch pages that messages link to, for their previews (default: on)'],
  trustProxy: ['', 'believe X-Forwarded-For on the HTTP port'],
  stopSeconds: ['N', 'time that running requests get when the server stops (default: 10)'],
}

/** Values that are not repeated in an error message, since they may hold a password. */
const SECRET = new Set<string>([
  'database',
  'bus',
  'blobs',
  'smtp',
  'smsHook',
  'translateUrl',
  'transcribeUrl',
  'mapUrl',
  'mtproxySecret',
])

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`
const envOf = (name: string) => `CHAPPE_${name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`

/** The options as lines of the help text. */
export function optionsHelp(): string {
  const rows = Object.entries({
    ...TEXTS,
    config: ['FILE', 'settings as JSON (default: DIR/chappe.json if it is there)'],
  })
  const left = rows.map(([name, [word]]) => `  ${flagOf(name)}${word ? ` ${word}` : ''}`)
  const width = Math.max(...left.map((s) => s.length)) + 2
  return rows.map(([, [, what]], i) => `${left[i]!.padEnd(width)}${what}`).join('\n')
}

/** The settings of one server, complete and checked. */
export interface Config
  extends Omit<Checked<typeof settings>, 'data' | 'database' | 'blobs' | 'httpPort' | 'mtproxySecret'> {
  /** Absolute path of the data directory. */
  dataDir: string
  /** `sqlite:` and an absolute path, or `postgres://...`. */
  database: string
  /** A directory's absolute path, or `s3://...`. */
  blobs: string
  /** Undefined: no HTTP port. */
  httpPort: number | undefined
  /** 16 bytes each, or 17 beginning with 0xdd, or 0xee, 16 bytes and a host name. */
  mtproxySecrets: Buffer[]
}

/** What a program that starts a server inside itself may pass; the same names and values as in the file. */
export type ConfigInput = { [K in OptionName]?: K extends 'limits' ? Partly<Limits> : InputOf<K> }
type InputOf<K extends OptionName> = K extends 'test' | 'trustProxy'
  ? boolean
  : K extends 'port' | 'dc' | 'threads' | 'stopSeconds'
    ? number
    : K extends 'httpPort'
      ? number | 'off'
      : K extends 'mtproxySecret'
        ? string | string[]
        : K extends 'logLevel'
          ? LogLevel
          : K extends 'linkPreviews'
            ? 'on' | 'off'
            : string

/** Reads a file's text, or undefined when there is no such file. */
export type ReadText = (path: string) => string | undefined

const readText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/**
 * The settings from flags, environment and file; a flag wins over the environment, that over the file, that over the
 * default. Depends on nothing but its arguments and the file that they name.
 * @param argv the arguments after the command's name
 * @throws ConfigError, one line, for the first value that cannot be used
 */
export function parseConfig(
  argv: string[],
  env: Record<string, string | undefined>,
  read: ReadText = readText,
): Config {
  const flags = readFlags(argv)
  const given: Record<string, unknown> = {}
  const origin: Record<string, string> = {}
  const take = (name: string, raw: unknown, where: string) => {
    given[name] = raw
    origin[name] = where
  }

  const dataDir = flags.data ?? env.CHAPPE_DATA ?? 'data'
  const named = flags.config ?? env.CHAPPE_CONFIG
  const path = typeof named === 'string' ? named : join(String(dataDir), 'chappe.json')
  const content = read(path)
  if (content === undefined && named !== undefined) throw new ConfigError(`${path}: no such file`)
  for (const [name, raw] of Object.entries(content === undefined ? {} : readJson(path, content))) {
    take(name, raw, `${path}: ${name}`)
  }
  for (const name of Object.keys(TEXTS)) {
    const raw = env[envOf(name)]
    if (raw !== undefined && raw !== '') take(name, raw, envOf(name))
    if (flags[name] !== undefined) take(name, flags[name], flagOf(name))
  }
  return check(given, (name) => origin[name] ?? path)
}

/**
 * The settings of a server started by a program: no environment, no file.
 * @throws ConfigError, one line, for the first value that cannot be used
 */
export function configOf(input: ConfigInput): Config {
  return check(input, (name) => name)
}

function check(given: object, where: (name: string) => string): Config {
  const { data, database, blobs, httpPort, mtproxySecret, ...rest } = readSettings(given, where)
  const dataDir = resolve(data)
  if (rest.bus !== undefined && !database?.startsWith('postgres')) {
    throw new ConfigError(`${where('bus')}: several nodes share a PostgreSQL: --database postgres://... is needed too`)
  }
  return {
    ...rest,
    dataDir,
    database: database ?? `sqlite:${join(dataDir, 'chappe.db')}`,
    blobs: blobs ?? join(dataDir, 'blobs'),
    httpPort: httpPort === 'off' ? undefined : httpPort,
    mtproxySecrets: mtproxySecret.map((hex) => Buffer.from(hex, 'hex')),
  }
}

function readSettings(given: object, where: (name: string) => string): Checked<typeof settings> {
  try {
    return settings(given, [])
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    const [name = '', ...path] = error.path
    const label = [where(name), ...path].join('.')
    if (error.unknown || SECRET.has(name)) throw new ConfigError(`${label}: ${error.message}`)
    let raw: unknown = given
    for (const key of error.path) raw = (raw as Record<string, unknown> | undefined)?.[key]
    throw new ConfigError(`${label}: ${error.message}, got ${JSON.stringify(raw)?.slice(0, 100)}`)
  }
}

function readJson(path: string, content: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch (error) {
    throw new ConfigError(`${path}: not JSON (${(error as Error).message.split('\n')[0]})`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError(`${path}: expected one JSON object`)
  }
  return parsed as Record<string, unknown>
}

function readFlags(argv: string[]): Record<string, string | boolean | string[] | undefined> {
  const spec: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }> = { config: { type: 'string' } }
  for (const [name, [word]] of Object.entries(TEXTS)) {
    spec[flagOf(name).slice(2)] = { type: word ? 'string' : 'boolean', multiple: name === 'mtproxySecret' }
  }
  let values: Record<string, unknown>
  try {
    values = parseArgs({ args: argv, options: spec, strict: true, allowPositionals: false, allowNegative: true }).values
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    const option = /'(-[^' ]*)/.exec(message)?.[1]
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new ConfigError(`${option}: unknown option (see chappe help)`)
    if (option)
      throw new ConfigError(
        `${option}: ${spec[option.slice(2)]?.type === 'boolean' ? 'takes no value' : 'needs a value'}`,
      )
    throw new ConfigError(`unexpected argument ${/'([^']*)'/.exec(message)?.[1] ?? ''} (see chappe help)`)
  }
  const out: Record<string, string | boolean | string[]> = {}
  for (const [flag, raw] of Object.entries(values)) {
    out[flag.replace(/-([a-z])/g, (_, c: string) => c.toUpperCase())] = raw as string | boolean | string[]
  }
  return out as Record<string, string | boolean | string[] | undefined>
}
