// The layout as a check: imports go down only, features do not know each other, and every method file stands in the
// folder that schema/methods.tsv names and is listed in that folder's index.ts.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix, relative } from 'node:path'

/** The rank of each folder of src/. Files directly in src/ are above all of them, but for the leaves. */
const RANKS: Record<string, number> = {
  tl: 0,
  storage: 1,
  bus: 1,
  mtproto: 1,
  senders: 1,
  providers: 1,
  updates: 2,
  rpc: 2,
  domain: 3,
  features: 4,
  'bot-api': 4,
  web: 4,
}
const TOP = 5
/** Files directly in src/ that import nothing of ours but each other, so that every part may read them. */
const LEAVES = new Set(['checks.ts', 'clock.ts', 'config.ts', 'limits.ts', 'log.ts', 'metrics.ts', 'open-files.ts'])
/** Folders of one rank that are one layer and may name each other's types. */
const TOGETHER = new Set(['rpc updates', 'updates rpc'])
const LINES = 400

export interface Findings {
  errors: string[]
  warnings: string[]
}

/** Where a file stands: its unit (a folder of src/, a feature, or the file itself) and that unit's rank. */
function place(file: string): { unit: string; rank: number } {
  const [first, second] = file.split('/') as [string, string | undefined]
  if (second === undefined) return { unit: file, rank: LEAVES.has(first) ? -1 : TOP }
  const rank = RANKS[first] ?? Number.NaN
  // src/features/index.ts lists the features; it is their front, and no feature.
  return { unit: first === 'features' && !second.endsWith('.ts') ? `features/${second}` : first, rank }
}

/** Tests, and what only tests import, may reach anything. */
const isTest = (file: string) => /(^|\/)test-[^/]*\.ts$|\.test\.ts$/.test(file)

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]/g

/** The relative modules that a source text imports. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!)
}

/** Checks the tree under `root` (the folder that holds src/ and schema/). */
export function checkRanks(root: string): Findings {
  const errors: string[] = []
  const warnings: string[] = []
  const src = join(root, 'src')
  const files = globSync('**/*.ts', { cwd: src })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
  for (const file of files) {
    const source = readFileSync(join(src, file), 'utf8')
    const lines = source.split('\n').length - 1
    if (lines > LINES && !file.includes('/gen/')) warnings.push(`src/${file}: ${lines} lines, over ${LINES}`)
    if (isTest(file)) continue
    const from = place(file)
    if (Number.isNaN(from.rank)) {
      errors.push(`src/${file}: folder ${from.unit} has no rank`)
      continue
    }
    for (const target of importsOf(source)) {
      const path = posix.normalize(posix.join(dirname(file), target))
      if (path.startsWith('../')) {
        if (from.rank < TOP) errors.push(`src/${file}: imports ${target}, outside src/`)
        continue
      }
      const to = place(path)
      if (to.unit === from.unit) continue
      if (from.unit === 'features' && to.unit.startsWith('features/')) continue
      if (from.unit.startsWith('features/') && to.unit.startsWith('features')) {
        errors.push(`src/${file}: imports ${target}; a feature does not know another, move the code down to domain/`)
      } else if (!(to.rank < from.rank || from.rank === TOP || (from.rank === -1 && to.rank === -1))) {
        if (!TOGETHER.has(`${from.unit} ${to.unit}`)) {
          errors.push(`src/${file}: imports ${target}; ${from.unit} (${from.rank}) may import lower ranks only`)
        }
      }
    }
  }
  errors.push(...checkMethods(root, files))
  return { errors, warnings }
}

function checkMethods(root: string, files: string[]): string[] {
  const errors: string[] = []
  const folders = new Map<string, string>()
  for (const line of readFileSync(join(root, 'schema/methods.tsv'), 'utf8').split('\n')) {
    const [name, folder] = line.split('\t')
    if (name && folder && !name.startsWith('#')) folders.set(name, folder)
  }
  const indexes = new Map<string, Set<string>>()
  for (const file of files) {
    const [first, folder, ...rest] = file.split('/')
    if (first !== 'features' || folder === undefined || rest.length === 0 || isTest(file)) continue
    const name = basename(file, '.ts')
    const wanted = folders.get(name)
    if (wanted === undefined) {
      if (name.includes('.')) errors.push(`src/${file}: ${name} is no method of schema/methods.tsv`)
      continue
    }
    if (wanted !== folder || rest.length !== 1) errors.push(`src/${file}: belongs to src/features/${wanted}/`)
    const defined = /\bmethod\(\s*'([^']+)'/.exec(readFileSync(join(root, 'src', file), 'utf8'))?.[1]
    if (defined !== name) {
      errors.push(`src/${file}: does not define method('${name}', ...)`)
    }
    const index = join(root, 'src/features', folder, 'index.ts')
    if (!indexes.has(folder)) {
      indexes.set(folder, new Set(existsSync(index) ? importsOf(readFileSync(index, 'utf8')) : []))
    }
    if (!indexes.get(folder)!.has(`./${name}.ts`)) errors.push(`src/${file}: not listed in ${relative(root, index)}`)
  }
  return errors
}

if (import.meta.main) {
  const { errors, warnings } = checkRanks(join(import.meta.dirname, '..'))
  for (const warning of warnings) console.warn(`warning: ${warning}`)
  for (const error of errors) console.error(error)
  process.exitCode = errors.length > 0 ? 1 : 0
}
