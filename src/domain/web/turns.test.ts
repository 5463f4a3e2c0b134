import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestServer, test } from '../../../test/harness/index.ts'

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 3000 && !what(); i++) await sleep(10)
}

test('few pages are fetched at once, and few for one account; what was not is given up', async () => {
  let now = 0
  let most = 0
  const asked = new Set<string>()
  const held: (() => void)[] = []
  const web = createServer((req, res) => {
    asked.add(req.url!)
    most = Math.max(most, ++now)
    held.push(() => {
      now--
      res.writeHead(200, { 'content-type': 'text/html' })
      res.end('<title>A page</title>')
    })
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const { port } = web.address() as AddressInfo
  try {
    await using server = await startTestServer({ previewHosts: new Set([`127.0.0.1:${port}`]) })
    const [alice, bob] = await server.people('Alice', 'Bob')
    for (let i = 0; i < 25; i++) await alice.say(bob, `http://127.0.0.1:${port}/${i}`)
    await until(() => held.length === 8)
    await sleep(50)
    assert.equal(held.length, 8)
    while (asked.size < 20 || held.length > 0) {
      held.shift()?.()
      await sleep(1)
    }
    assert.equal(most, 8)
    const found: string[] = []
    for (let i = 0; i < 3000 && found.length < 20; i++) {
      for (const update of await bob.updatesOf('updateWebPage')) found.push(update.webpage._)
      await sleep(10)
    }
    assert.equal(asked.size, 20)
    assert.deepEqual([found.length, new Set(found)], [20, new Set(['webPage'])])
    await server.clock.advance(200)
    const given = await bob.updatesOf('updateWebPage')
    assert.deepEqual(
      given.map((u) => u.webpage._),
      Array.from({ length: 5 }, () => 'webPageEmpty'),
    )
  } finally {
    web.closeAllConnections()
    web.close()
  }
})

test('a server that stops waits for no page', async () => {
  const web = createServer(() => {})
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const { port } = web.address() as AddressInfo
  try {
    const begun = Date.now()
    {
      await using server = await startTestServer({ previewHosts: new Set([`127.0.0.1:${port}`]) })
      const [alice, bob] = await server.people('Alice', 'Bob')
      await alice.say(bob, `http://127.0.0.1:${port}/`)
    }
    assert.ok(Date.now() - begun < 8000)
  } finally {
    web.closeAllConnections()
    web.close()
  }
})
