import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { hexId, parseFile, type TlEntry, type TlField } from './tl.ts'

/** Everything one file of one package (or one TL file) defines. */
export interface Source {
  file: string
  /** The layer the file says it is of; 0 where it says nothing. Only used to prefer newer over older. */
  layer: number
  /** True for plain TL files lying in the folder, which are no package. */
  loose: boolean
  /** As the source writes them: only MTCute's know int53. */
  entries: TlEntry[]
}

/** Reads every schema found in the folder, at any depth: unpacked packages, node_modules, plain TL files. */
export function readSources(folder: string): Source[] {
  const sources: Source[] = []
  for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!item.isFile()) continue
    const file = join(item.parentPath, item.name)
    if (item.name === 'api-schema.json') sources.push(readMtcute(file))
    else if (item.name === 'apiTl.js') sources.push(readTlText(file, false))
    else if (item.name === 'api-definitions.js') sources.push(readTeleproto(file))
    else if (item.name.endsWith('.tl')) sources.push(readTlText(file, true))
  }
  return sources.sort((a, b) => b.layer - a.layer || a.file.localeCompare(b.file))
}

interface MtcuteType {
  predicate?: string
  isVector?: boolean
  isBareVector?: boolean
}

interface MtcuteSchema {
  l: number
  e: {
    kind: 'class' | 'method'
    name: string
    id: number
    type: string
    typeModifiers?: MtcuteType
    generics?: { name: string }[]
    arguments: { name: string; type: string; typeModifiers?: MtcuteType }[]
  }[]
}

/** @mtcute/tl: api-schema.json. Its own inventions (`mtcute.*`) are left out. */
function readMtcute(file: string): Source {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as MtcuteSchema
  const entries: TlEntry[] = []
  for (const e of schema.e) {
    if (e.name.startsWith('mtcute.')) continue
    entries.push({
      kind: e.kind === 'method' ? 'method' : 'type',
      name: e.name,
      id: hexId(e.id),
      ...(e.generics?.[0] ? { generic: e.generics[0].name } : {}),
      fields: e.arguments.map((a): TlField => {
        const flag = /^(\w+)\.(\d+)$/.exec(a.typeModifiers?.predicate ?? '')
        return {
          name: a.name,
          type: vectorOf(a.type, a.typeModifiers),
          ...(flag ? { flag: { field: flag[1]!, bit: Number(flag[2]) } } : {}),
        }
      }),
      result: vectorOf(e.type, e.typeModifiers),
    })
  }
  return { file, layer: schema.l, loose: false, entries }
}

function vectorOf(type: string, modifiers: MtcuteType | undefined): string {
  if (modifiers?.isVector) return `Vector<${type}>`
  return modifiers?.isBareVector ? `vector<${type}>` : type
}

/** TL text, either as it is or as the one template string of a module (telegram, teleproto up to 214). */
function readTlText(file: string, loose: boolean): Source {
  const text = readFileSync(file, 'utf8').replace(/^[\s\S]*module\.exports = `/, '').replace(/`;?\s*$/, '')
  const layer = loose ? Number(/\d+/.exec(basename(file))?.[0] ?? 0) : layerBeside(file, '../AllTLObjects.js')
  return { file, layer, loose, entries: parseFile(text) }
}

interface TeleprotoEntry {
  name: string
  namespace?: string
  constructorId: number
  isFunction: boolean
  result: string
  argsConfig: Record<
    string,
    {
      type: string | null
      isVector: boolean
      useVectorId: boolean | null
      isFlag: boolean
      flagName: string | null
      flagIndex: number
      flagIndicator: boolean
    }
  >
}

/** teleproto 1.x: generated definitions, whose names are in camel case. */
function readTeleproto(file: string): Source {
  const definitions = createRequire(import.meta.url)(file) as TeleprotoEntry[]
  const entries = definitions.map((e): TlEntry => {
    const name = e.name[0]!.toLowerCase() + e.name.slice(1)
    const generic = e.result === 'X'
    return {
      kind: e.isFunction ? 'method' : 'type',
      name: e.namespace ? `${e.namespace}.${name}` : name,
      id: hexId(e.constructorId),
      ...(generic ? { generic: 'X' } : {}),
      fields: Object.entries(e.argsConfig).map(([camel, a]): TlField => {
        const bare = a.flagIndicator ? '#' : a.type === 'X' ? '!X' : a.type!
        return {
          name: snake(camel),
          type: a.isVector ? `${a.useVectorId ? 'Vector' : 'vector'}<${bare}>` : bare,
          ...(a.isFlag ? { flag: { field: a.flagName!, bit: a.flagIndex } } : {}),
        }
      }),
      result: e.result,
    }
  })
  return { file, layer: layerBeside(file, '../../runtime/registry.js'), loose: false, entries }
}

/** The layer that another module of the package names; 0 where there is none. */
function layerBeside(file: string, module: string): number {
  const path = join(file, module)
  return existsSync(path) ? Number(/LAYER = (\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) : 0
}

function snake(camel: string): string {
  return camel.includes('_') ? camel : camel.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase())
}
