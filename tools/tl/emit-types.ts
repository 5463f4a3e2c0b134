// Types of every object and method of the newest layer.
import type { Arg, Combinator } from '../../src/tl/schema.ts'

const BARE: Record<string, string> = {
  int: 'number',
  int53: 'number',
  double: 'number',
  long: 'bigint',
  string: 'string',
  bytes: 'Uint8Array',
  int128: 'Uint8Array',
  int256: 'Uint8Array',
  Bool: 'boolean',
  true: 'boolean',
  '!X': 'TlObject | Uint8Array',
  X: 'unknown',
}

export const typeName = (tl: string) => tl.replace('%', '').replaceAll('.', '_')

function tsType(a: Pick<Arg, 'type' | 'vector'>): string {
  const t = BARE[a.type] ?? typeName(a.type)
  return a.vector ? (t.includes('|') ? `(${t})[]` : `${t}[]`) : t
}

function resultType(result: string): string {
  const m = /^Vector<(.*)>$/.exec(result)
  return tsType(m ? { type: m[1]!, vector: 'Vector' } : { type: result, vector: undefined })
}

function fields(c: Combinator): string {
  return c.args
    .filter((a) => a.type !== '#')
    .map((a) => `  ${a.key}${a.flag ? '?' : ''}: ${tsType(a)}${a.flag ? ' | undefined' : ''}\n`)
    .join('')
}

const errorType = (name: string) => {
  const n = name.replace(/:\d+$/, '')
  return n.includes('%d') ? `\`${n.replace('%d', '$' + '{number}')}\`` : `'${n}'`
}

export interface Errors {
  errors: Record<string, { code: number }>
  methods: Record<string, string[]>
  userOnly: string[]
  botOnly: string[]
}

/** The text of a module of types. Map interfaces, not unions that are searched: those type-check ten times slower. */
export function emitTypes(list: Combinator[], head: string, errors: Errors | undefined): string {
  const out = [head, '\n/** Any object at all. */\nexport interface TlObject {\n  _: string\n}\n']
  const types = new Map<string, string[]>()
  const map: string[] = []
  for (const c of list.filter((c) => c.kind === 'type')) {
    const name = typeName(c.name)
    out.push(`\nexport interface ${name} {\n  _: '${c.name}'\n${fields(c)}}\n`)
    const t = typeName(c.result)
    types.set(t, [...(types.get(t) ?? []), name])
    map.push(`  '${c.name}': ${name}\n`)
  }
  for (const [t, names] of types) out.push(`\nexport type ${t} =\n${names.map((n) => `  | ${n}\n`).join('')}`)
  const methods: string[] = []
  for (const c of list.filter((c) => c.kind === 'method')) {
    const f = fields(c)
    out.push(`\nexport interface ${typeName(c.name)}Params {\n${f}}\n`)
    const e = errors?.methods[c.name]?.map(errorType)
    methods.push(
      `  '${c.name}': {\n    params: ${typeName(c.name)}Params\n    result: ${resultType(c.result)}\n    errors: ${
        e?.length ? e.join(' | ') : 'never'
      }\n  }\n`,
    )
  }
  out.push(`\n/** Every constructor by its TL name. */\nexport interface Constructors {\n${map.join('')}}\n`)
  out.push(
    `\n/** Every method: what it takes, what it answers, and the errors published for it. */\nexport interface Methods {\n${methods.join('')}}\n`,
  )
  out.push(`
export type MethodName = keyof Methods

/** A method as it is sent: \`{ _: 'contacts.block', id: ... }\`. */
export type Request<M extends MethodName = MethodName> = { _: M } & Methods[M]['params']
`)
  if (errors)
    out.push(
      `\n/** Every published error; \`%d\` stands for a number. */\nexport type ErrorName =\n${Object.keys(
        errors.errors,
      )
        .map((n) => `  | ${errorType(n)}\n`)
        .join('')}`,
    )
  return out.join('')
}
