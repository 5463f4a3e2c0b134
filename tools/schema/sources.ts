import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { type Arg, type Combinator, camel, parseSchema } from '../../src/tl/schema.ts'

/** Everything one file of one package (or one TL file) defines. */
export interface Source {
  file: string
  /** The layer the file says it is of; 0 where it says nothing. Only used to prefer newer over older. */
  layer: number
  /** True for plain TL files lying in the folder, which are no package. */
  loose: boolean
  /** As the source writes them: only MTCute's know int53. The layers in them are the source's own, twice. */
  entries: Combinator[]
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
    arguments: { name: string; type: string; typeModifiers?: MtcuteType }[]
  }[]
}

/** @mtcute/tl: api-schema.json. Its own inventions (`mtcute.*`) are left out. */
function readMtcute(file: string): Source {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as MtcuteSchema
  const entries = schema.e
    .filter((e) => !e.name.startsWith('mtcute.'))
    .map((e): Combinator => {
      return {
        kind: e.kind === 'method' ? 'method' : 'type',
        name: e.name,
        id: e.id | 0,
        args: e.arguments.map((a): Arg => {
          const flag = /^(\w+)\.(\d+)$/.exec(a.typeModifiers?.predicate ?? '')
          return {
            name: a.name,
            key: camel(a.name),
            type: a.type,
            vector: vectorOf(a.typeModifiers),
            flag: flag ? { word: flag[1]!, bit: Number(flag[2]) } : undefined,
          }
        }),
        result: e.typeModifiers?.isVector ? `Vector<${e.type}>` : e.type,
        first: schema.l,
        last: schema.l,
      }
    })
  return { file, layer: schema.l, loose: false, entries }
}

function vectorOf(modifiers: MtcuteType | undefined): Arg['vector'] {
  if (modifiers?.isVector) return 'Vector'
  return modifiers?.isBareVector ? 'vector' : undefined
}

/** TL text, either as it is or as the one template string of a module (telegram, teleproto up to 214). */
function readTlText(file: string, loose: boolean): Source {
  const text = readFileSync(file, 'utf8')
    .replace(/^[\s\S]*module\.exports = `/, '')
    .replace(/`;?\s*$/, '')
  const layer = loose ? Number(/\d+/.exec(basename(file))?.[0] ?? 0) : layerBeside(file, '../AllTLObjects.js')
  // Built-in types (`int ? = Int;`) and the definition of vector are no constructors; some methods of TDLib have no id.
  const lines = text.split('\n').map((line) => line.replace(/\/\/.*/, '').trim())
  const entries = lines.filter((line) => /^---|^[\w.]+#[0-9a-f]+ (?!\{t:Type\})/.test(line)).join('\n')
  return { file, layer, loose, entries: parseSchema(entries, layer) }
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
  const layer = layerBeside(file, '../../runtime/registry.js')
  const entries = definitions.map((e): Combinator => {
    const name = e.name[0]!.toLowerCase() + e.name.slice(1)
    return {
      kind: e.isFunction ? 'method' : 'type',
      name: e.namespace ? `${e.namespace}.${name}` : name,
      id: e.constructorId | 0,
      args: Object.entries(e.argsConfig).map(([key, a]): Arg => {
        return {
          name: snake(key),
          key,
          type: a.flagIndicator ? '#' : a.type === 'X' ? '!X' : a.type!,
          vector: a.isVector ? (a.useVectorId ? 'Vector' : 'vector') : undefined,
          flag: a.isFlag ? { word: a.flagName!, bit: a.flagIndex } : undefined,
        }
      }),
      result: e.result,
      first: layer,
      last: layer,
    }
  })
  return { file, layer, loose: false, entries }
}

/** The layer that another module of the package names; 0 where there is none. */
function layerBeside(file: string, module: string): number {
  const path = join(file, module)
  return existsSync(path) ? Number(/LAYER = (\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) : 0
}

function snake(camel: string): string {
  return camel.includes('_') ? camel : camel.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase())
}
