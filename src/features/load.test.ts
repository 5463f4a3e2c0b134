import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { jobs, methods } from './index.ts'
import { Features, foldersHere } from './load.ts'

test('a method is there from its first call on, and nothing else is before', async () => {
  const features = new Features()
  assert.equal(features.get('contacts.block'), undefined)
  const loaded = await features.load('contacts.block')
  assert.equal(loaded?.name, 'contacts.block')
  assert.equal(features.get('contacts.block'), loaded)
  assert.equal(features.get('messages.sendMessage'), undefined)
  assert.equal(await features.load('no.such'), undefined)
})

test('a job that is due loads the folder that does it, and no other', async () => {
  const kinds: string[] = []
  for (const folder of foldersHere()) {
    const own = await import(`./${folder}/index.ts`)
    for (const kind of Object.keys(own.jobs ?? {})) {
      const features = new Features()
      assert.equal(await features.job(kind), own.jobs[kind], `src/features/load.ts lacks ${kind} of ${folder}`)
      assert.ok(features.get(own.methods[0].name))
      assert.equal(features.get('contacts.block'), undefined)
      kinds.push(kind)
    }
  }
  assert.deepEqual(kinds.sort(), Object.keys(jobs).sort())
  assert.equal(await new Features().job('no such'), undefined)
})

test('what a server loads is what the features list', async () => {
  const features = new Features()
  for (const { name } of methods) assert.equal((await features.load(name))?.name, name)
  for (const kind of Object.keys(jobs)) assert.equal(await features.job(kind), jobs[kind], kind)
  const front = readFileSync(new URL('index.ts', import.meta.url), 'utf8')
  for (const folder of foldersHere()) {
    assert.ok(front.includes(`'./${folder}/index.ts'`), `src/features/index.ts lacks ${folder}`)
  }
})
