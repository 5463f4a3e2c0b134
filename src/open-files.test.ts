import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { OpenFiles } from './open-files.ts'

const dir = mkdtempSync(join(tmpdir(), 'chappe-open-'))
after(() => rmSync(dir, { recursive: true }))
const at = (name: string) => join(dir, name)

/** How many of our files this process has open; undefined where the system does not tell. */
function openHere(): number | undefined {
  if (process.platform !== 'linux') return undefined
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return paths.filter((path) => path.startsWith(dir)).length
}

async function openBecomes(count: number): Promise<void> {
  for (let i = 0; i < 200 && (openHere() ?? count) !== count; i++) await new Promise((done) => setTimeout(done, 5))
  assert.equal(openHere() ?? count, count)
}

test('pieces of one file come through one descriptor, and end where the file ends', async () => {
  const files = new OpenFiles()
  await writeFile(at('a'), 'hello world')
  const parts = await Promise.all([files.read(at('a'), 0, 5), files.read(at('a'), 6, 100), files.read(at('a'), 50, 5)])
  assert.deepEqual(parts.map(String), ['hello', 'world', ''])
  await openBecomes(1)
  files.drop(at('a'))
  await openBecomes(0)
})

test('what was replaced is read anew, and whoever was reading reads to the end', async () => {
  const files = new OpenFiles()
  await writeFile(at('b'), 'old')
  await files.read(at('b'), 0, 3)
  const before = files.read(at('b'), 0, 3)
  await writeFile(at('c'), 'new')
  await rename(at('c'), at('b'))
  files.drop(at('b'))
  assert.equal(String(await before), 'old')
  assert.equal(String(await files.read(at('b'), 0, 3)), 'new')
  files.drop(at('b'))
  await openBecomes(0)
})

test('a file that is not there fails each time, until it is', async () => {
  const files = new OpenFiles()
  await assert.rejects(files.read(at('d'), 0, 1), { code: 'ENOENT' })
  await writeFile(at('d'), 'x')
  assert.equal(String(await files.read(at('d'), 0, 1)), 'x')
  files.drop(at('d'))
})

test('no more files are open than its bound', async () => {
  const files = new OpenFiles()
  const names = Array.from({ length: 150 }, (_, i) => at(`many-${i}`))
  for (const name of names) await writeFile(name, name)
  for (const name of names) assert.equal(String(await files.read(name, 0, 1000)), name)
  await openBecomes(128)
  for (const name of names) files.drop(name)
  await openBecomes(0)
})
