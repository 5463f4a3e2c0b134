import assert from 'node:assert/strict'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

test('how links are opened is kept for every device, with exceptions by site', async () => {
  const undocumented = ['account.toggleWebBrowserSettingsException URL_INVALID']
  await using server = await startTestServer({ undocumented })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  const read = async () =>
    (await phone.call('account.getWebBrowserSettings', { hash: 0n })) as tl.account_webBrowserSettings
  const toggle = (url: string, more: object) =>
    alice.call('account.toggleWebBrowserSettingsException', { url, ...more })
  const first = await read()
  assert.deepEqual([first.openExternalBrowser ?? false, first.externalExceptions], [false, []])
  await alice.call('account.updateWebBrowserSettings', { openExternalBrowser: true })
  assert.equal((await phone.updatesOf('updateWebBrowserSettings'))[0]?.openExternalBrowser, true)
  await toggle('https://www.example.com/a', { openExternalBrowser: true })
  await toggle('example.org', { openExternalBrowser: false })
  const told = await phone.updatesOf('updateWebBrowserException')
  assert.deepEqual(
    told.map((u) => [u.exception.domain, u.openExternalBrowser]),
    [
      ['example.com', true],
      ['example.org', false],
    ],
  )
  const set = await read()
  assert.deepEqual(
    [set.openExternalBrowser, set.externalExceptions.map((e) => e.url), set.inappExceptions.map((e) => e.domain)],
    [true, ['https://www.example.com/a'], ['example.org']],
  )
  const same = await phone.call('account.getWebBrowserSettings', { hash: set.hash })
  assert.equal(same._, 'account.webBrowserSettingsNotModified')
  await toggle('https://example.com', { delete: true })
  assert.equal((await phone.updatesOf('updateWebBrowserException'))[0]?.delete, true)
  assert.deepEqual((await read()).externalExceptions, [])
  await alice.call('account.deleteWebBrowserSettingsExceptions', {})
  assert.equal((await phone.updatesOf('updateWebBrowserException'))[0]?.exception.domain, 'example.org')
  assert.deepEqual((await read()).inappExceptions, [])
  const other = (await bob.call('account.getWebBrowserSettings', { hash: 0n })) as tl.account_webBrowserSettings
  assert.equal(other.openExternalBrowser ?? false, false)
  await alice.fails('URL_INVALID', 'account.toggleWebBrowserSettingsException', { url: 'ftp://x.y' })
})
