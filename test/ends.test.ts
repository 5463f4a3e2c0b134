// A server that was stopped leaves nothing open: a program that started one ends by itself.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const program = `
  const { startTestServer } = await import(${JSON.stringify(new URL('./harness/index.ts', import.meta.url).href)})
  {
    await using server = await startTestServer({ online: true, settings: { threads: 2 } })
    const [alice, bob] = await server.people('Alice', 'Bob')
    await alice.say(bob, 'hello')
    await (await fetch('http://127.0.0.1:' + server.server.httpPort + '/readyz')).text()
    await bob.texts()
  }
  const open = setTimeout(() => {
    console.error('still open: ' + process.getActiveResourcesInfo().join(', '))
    process.exit(1)
  }, 10_000)
  open.unref()
`

test('a program ends by itself when it has stopped its server', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chappe-ends-'))
  try {
    const file = join(dir, 'program.mjs')
    writeFileSync(file, program)
    const { stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 })
    assert.doesNotMatch(stderr, /still open/)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
