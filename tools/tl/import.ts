// Builds the committed contract under schema/ from packages that carry it: node_modules/teleproto (layer 229) and
// node_modules/@mtcute/tl (layer 223, which also says which longs are ids that fit a number, and which errors a method
// gives). Run by hand when a new layer is taken: `node tools/tl/import.ts`.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Arg, type Combinator, camel, formatLine, hex, loadRows, SCHEMA_DIR } from '../../src/tl/schema.ts'
import { isInt53 } from '../schema/int53.ts'

const LAYER = 229
const require = createRequire(import.meta.url)

interface MtcuteEntry {
  kind: 'class' | 'method'
  name: string
  id: number
  type: string
  typeModifiers?: { isVector?: boolean }
  generics?: unknown
  available?: string
  throws?: { code: number; name: string; comment?: string }[]
  arguments: {
    name: string
    type: string
    typeModifiers?: {
      predicate?: string
      isVector?: boolean
      isBareVector?: boolean
      isBareType?: boolean
    }
  }[]
}
const mtcute: MtcuteEntry[] = require('@mtcute/tl/api-schema.json').e
const mtcuteMt: MtcuteEntry[] = require('@mtcute/tl/mtp-schema.json')
const raw: {
  base: Record<string, number>
  errors: Record<string, { code: number; name: string }>
  throws: Record<string, string[]>
  userOnly: Record<string, 1>
  botOnly: Record<string, 1>
} = require('@mtcute/tl/raw-errors.json')

interface TeleprotoArg {
  isVector: boolean
  isFlag: boolean
  flagName: string | null
  flagIndex: number
  flagIndicator: boolean
  type: string | null
  useVectorId: boolean | null
}
interface TeleprotoEntry {
  name: string
  namespace?: string
  constructorId: number
  argsConfig: Record<string, TeleprotoArg>
  result: string
  isFunction: boolean
}
const teleprotoDir = join(import.meta.dirname, '../../node_modules/teleproto')
const teleproto: TeleprotoEntry[] = require(join(teleprotoDir, 'tl/generated/api-definitions.js'))

const byName = new Map(mtcute.map((e) => [e.name, e]))

// --- the newest layer ------------------------------------------------------------------------------------------------

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

function fromTeleproto(e: TeleprotoEntry, name: string, mtNames: Map<string, string> | undefined): Combinator {
  const args = Object.entries(e.argsConfig).map(([key, a]): Arg => {
    const argName = mtNames?.get(camel(key)) ?? snake(key)
    let type = a.flagIndicator ? '#' : a.type!
    if (type === 'X') type = '!X'
    if (type === 'long' && isInt53(name, argName)) type = 'int53'
    return {
      name: argName,
      key: camel(argName),
      type,
      vector: a.isVector ? (a.useVectorId === false ? 'vector' : 'Vector') : undefined,
      flag: a.isFlag ? { word: snake(a.flagName!), bit: a.flagIndex } : undefined,
    }
  })
  return {
    id: e.constructorId | 0,
    name,
    kind: e.isFunction ? 'method' : 'type',
    args,
    result: e.result,
    first: LAYER,
    last: LAYER,
  }
}

const rows = new Map(
  loadRows()
    .filter((r) => r.last === LAYER)
    .map((r) => [r.id, r]),
)
const api: Combinator[] = []
const wrong: string[] = []
const foreign = new Set(mtcuteMt.map((e) => e.id | 0))
for (const e of teleproto) {
  const row = rows.get(e.constructorId | 0)
  if (!row) continue
  rows.delete(row.id)
  // The package has MTProto's own objects and the shape of a TLS hello in the same list.
  if (foreign.has(row.id) || /^tls[A-Z]/.test(row.name) || /^(pQInner|bindAuth|serverDH|reqPq)/.test(row.name)) continue
  const known = mtcute.find((m) => (m.id | 0) === row.id)
  // mtcute spells field names as TL does; teleproto has them in camelCase only.
  const names = new Map((known ?? byName.get(row.name))?.arguments.map((a) => [camel(a.name), a.name]))
  const c = fromTeleproto(e, row.name, names)
  const crc = crc32(formatLine(c, true)) | 0
  // accessPointRule and its like have ids that were given, not computed.
  if (crc !== c.id && !/^(accessPoint|ipPort|help\.configSimple)/.test(c.name))
    wrong.push(`${hex(crc)} ${formatLine(c)}`)
  api.push(c)
}
for (const r of rows.values()) console.log('in constructors.tsv, not found:', hex(r.id), r.name)
for (const w of wrong) console.log('id differs from the CRC of the line:', w)

const text = (list: Combinator[]) =>
  [
    ...list.filter((c) => c.kind === 'type').map((c) => formatLine(c)),
    '---functions---',
    ...list.filter((c) => c.kind === 'method').map((c) => formatLine(c)),
    '',
  ].join('\n')

writeFileSync(join(SCHEMA_DIR, 'api.tl'), `// Layer ${LAYER}. int53 is a long whose values fit a number.\n${text(api)}`)

// --- MTProto's own ---------------------------------------------------------------------------------------------------

const mt = mtcuteMt.map(
  (e): Combinator => ({
    id: e.id | 0,
    name: e.name.replace(/^mt_/, ''),
    kind: e.kind === 'method' ? 'method' : 'type',
    args: e.arguments.map((a) => ({
      name: a.name,
      key: camel(a.name),
      type: a.type.replace(/^mt_/, '%'),
      vector: a.typeModifiers?.isBareVector ? 'vector' : a.typeModifiers?.isVector ? 'Vector' : undefined,
      flag: undefined,
    })),
    result: e.type.replace(/^mt_/, ''),
    first: LAYER,
    last: LAYER,
  }),
)
// What older or simpler clients still send, and what mtcute reads by hand.
const MORE_TYPES = [
  'p_q_inner_data#83c95aec pq:bytes p:bytes q:bytes nonce:int128 server_nonce:int128 new_nonce:int256 = P_Q_inner_data;',
  'p_q_inner_data_temp#3c6a84d4 pq:bytes p:bytes q:bytes nonce:int128 server_nonce:int128 new_nonce:int256 expires_in:int = P_Q_inner_data;',
  'server_DH_params_fail#79cb045d nonce:int128 server_nonce:int128 new_nonce_hash:int128 = Server_DH_Params;',
]
const MORE_METHODS = ['req_pq#60469778 nonce:int128 = ResPQ;']
const mtText = text(mt).split('\n---functions---\n')
writeFileSync(
  join(SCHEMA_DIR, 'mtproto.tl'),
  `// MTProto's own objects. msg_container, rpc_result and gzip_packed are read by hand.\n` +
    [mtText[0], ...MORE_TYPES, '---functions---', ...MORE_METHODS, mtText[1]].join('\n'),
)

// --- errors ----------------------------------------------------------------------------------------------------------

// Names and codes only: what an error means is told by the published pages.
const errors: Record<string, { code: number }> = {}
const methods: Record<string, string[]> = {}
const byMethodCode = new Map<string, number>()
for (const e of Object.values(raw.errors)) if (/^[A-Z0-9_%d]+$/.test(e.name)) errors[e.name] = { code: e.code }
for (const e of mtcute)
  for (const t of e.throws ?? []) {
    if (!/^[A-Z0-9_%d]+$/.test(t.name)) continue
    errors[t.name] ??= { code: t.code }
    ;(methods[e.name] ??= []).push(t.name)
    byMethodCode.set(`${e.name} ${t.name}`, t.code)
  }
for (const [m, names] of Object.entries(raw.throws)) for (const n of names) if (errors[n]) (methods[m] ??= []).push(n)

// teleproto lists the errors of methods newer than mtcute's layer: by class names, whose codes are their base classes'.
const BASE: Record<string, number> = {
  BadRequestError: 400,
  ForbiddenError: 403,
  NotFoundError: 404,
  AuthKeyError: 406,
  ServerError: 500,
  UnauthorizedError: 401,
  FloodError: 420,
  InvalidDCError: 303,
  TimedOutError: 503,
}
const classSource = readFileSync(join(teleprotoDir, 'errors/RPCErrorList.js'), 'utf8')
const classCode = new Map<string, number>()
for (const m of classSource.matchAll(/^class (\w+) extends RPCBaseErrors_1\.(\w+)/gm))
  classCode.set(m[1]!, BASE[m[2]!] ?? 400)
const className = new Map<string, string>()
for (const m of classSource.matchAll(/^ {4}\["([A-Z0-9_]+)", (\w+)\]/gm)) className.set(m[2]!, m[1]!)
for (const m of classSource.matchAll(/^ {4}\[\/\^?([A-Z0-9_]+)\(\\d\+\)(\w*)\$?\/, (\w+)\]/gm))
  className.set(m[3]!, `${m[1]}%d${m[2]}`)
const pascal = new Map(
  api.map((c) => [
    c.name
      .split('.')
      .map((p) => p[0]!.toUpperCase() + p.slice(1))
      .join(''),
    c.name,
  ]),
)
const listing = readFileSync(join(teleprotoDir, 'tl/generated/api.d.ts'), 'utf8')
let unknown = 0
for (const m of listing.matchAll(/export type (\w+)Errors = (.*);/g)) {
  const method = pascal.get(m[1]!)
  if (!method) continue
  for (const cls of m[2]!.matchAll(/RpcErrors\.(\w+)/g)) {
    const name = className.get(cls[1]!)
    const code = classCode.get(cls[1]!)
    if (!name || code === undefined) {
      unknown++
      continue
    }
    errors[name] ??= { code }
    ;(methods[method] ??= []).push(name)
  }
}
console.log('error classes without a name:', unknown)

const methodNames = new Set(api.filter((c) => c.kind === 'method').map((c) => c.name))
const outMethods: Record<string, string[]> = {}
// "NAME" with the error's own code, or "NAME:code" where this method gives another.
for (const m of Object.keys(methods)
  .filter((n) => methodNames.has(n))
  .sort())
  outMethods[m] = [...new Set(methods[m])].sort().map((n) => {
    const code = byMethodCode.get(`${m} ${n}`)
    return code === undefined || code === errors[n]!.code ? n : `${n}:${code}`
  })
const outErrors: typeof errors = {}
for (const n of Object.keys(errors).sort()) outErrors[n] = errors[n]!
const names = (o: Record<string, 1>) =>
  Object.keys(o)
    .filter((n) => methodNames.has(n))
    .sort()
// What bots may call, too, since the list was made: the Bot API has setMessageReaction.
const ALSO_BOTS = new Set(['messages.sendReaction'])
const userOnly = names(raw.userOnly).filter((n) => !ALSO_BOTS.has(n))
writeFileSync(
  join(SCHEMA_DIR, 'errors.json'),
  `${JSON.stringify({ errors: outErrors, methods: outMethods, userOnly, botOnly: names(raw.botOnly) }, null, 1)}\n`,
)
console.log(`${api.length} constructors and methods, ${mt.length} of MTProto, ${Object.keys(outErrors).length} errors`)
