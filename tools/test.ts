// `npm test`: the types, the linter, the ranks, then every *.test.ts. Arguments choose test files by a part of their
// path and skip the checks; so does --no-checks. The last line is `N passed, N failed`, and the exit code follows it.
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** One test may take so long, ms. */
const TIMEOUT = 120_000
/** All of them together, ms: a file that never ends (something left open) fails the run instead of hanging it. */
const ALL = 40 * 60_000

let passed = 0
let failed = 0

function check(title: string, command: string, ...args: string[]): void {
  const started = performance.now()
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  const good = status === 0
  if (good) passed++
  else failed++
  console.log(`${good ? '✔' : '✖'} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  const said = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim()
  if (!good || said.includes('warning: ')) console.log(said)
}

const words = process.argv.slice(2)
const wanted = words.filter((word) => !word.startsWith('-'))
const unknown = words.find((word) => word.startsWith('-') && word !== '--no-checks')
if (unknown !== undefined) {
  console.error(`chappe test: ${unknown}: unknown option`)
  process.exit(2)
}
if (words.length === 0) {
  check('types', bin('tsc'), '--noEmit')
  check('format and lint', bin('biome'), 'check', '--error-on-warnings', '--no-errors-on-unmatched')
  check('ranks, folders, listed methods', process.execPath, 'tools/check-ranks.ts')
}

const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'], {
  cwd: root,
})
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort()
if (files.length === 0) {
  console.error('chappe test: no test file has such a path')
  failed++
} else {
  const notes = words.length === 0 ? mkdtempSync(join(tmpdir(), 'chappe-coverage-')) : undefined
  if (notes) process.env.CHAPPE_COVERAGE = notes
  const failedBefore = failed
  const results = run({
    files: files.map((file) => join(root, file)),
    cwd: root,
    concurrency: Math.min(2, availableParallelism()),
    timeout: TIMEOUT,
    signal: AbortSignal.timeout(ALL),
  })
  results.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return
    passed += counts.passed
    failed += counts.tests - counts.passed - counts.skipped - counts.todo
  })
  await new Promise<void>((done, fail) => {
    const report = results.compose(spec)
    report.on('error', fail)
    report.on('end', done)
    report.pipe(process.stdout, { end: false })
  })
  if (notes) {
    // What follows a failure in a test was not answered; that is no fault of the page.
    if (failed === failedBefore) check('docs/coverage.md', process.execPath, 'tools/coverage.ts', notes)
    else console.log('docs/coverage.md: not looked at, since tests failed')
    rmSync(notes, { recursive: true, force: true })
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
