import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How a method's answer reached who called it. */
export type Via = 'harness' | 'wire'

const answered = new Map<string, Set<Via>>()
const dir = process.env.CHAPPE_COVERAGE

/** Notes that a test had a method answered without an error. tools/coverage.ts makes docs/coverage.md of the notes. */
export function countAnswer(method: string, via: Via): void {
  if (!dir) return
  if (answered.size === 0) process.once('exit', write)
  const ways = answered.get(method)
  if (ways) ways.add(via)
  else answered.set(method, new Set([via]))
}

function write(): void {
  const rows = [...answered].map(([method, ways]) => [method, [...ways].sort()])
  writeFileSync(join(dir!, `${process.pid}-${Date.now()}.json`), JSON.stringify(rows))
}
