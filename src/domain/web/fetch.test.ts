import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { isPublicAddress } from './addresses.ts'
import { type FetchBounds, FetchError, fetchPublic } from './fetch.ts'
import { decodeText, parsePage } from './parse.ts'

const bounds: FetchBounds = { bytes: 1000, ms: 2000, redirects: 2, types: ['text/html'] }

async function serve(answer: (path: string, res: ServerResponse) => void) {
  let asked = 0
  const server: Server = createServer((req, res) => {
    asked++
    answer(req.url!, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    at: (path = '/') => `http://127.0.0.1:${port}${path}`,
    allowed: new Set([`127.0.0.1:${port}`]),
    get asked() {
      return asked
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const html = (res: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}) => {
  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
  res.end(body)
}
const refused = (promise: Promise<unknown>, why: RegExp) =>
  assert.rejects(promise, (error) => error instanceof FetchError && why.test(error.message))

test('only addresses of the public internet are public', () => {
  for (const address of ['8.8.8.8', '1.1.1.1', '172.15.0.1', '2606:4700::1111', '2a00:1450:4001::1']) {
    assert.equal(isPublicAddress(address), true, address)
  }
  for (const address of [
    ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '192.0.0.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::1', '2001:0:1::1', '2001:db8::1', 'localhost', ''],
  ]) {
    assert.equal(isPublicAddress(address), false, address)
  }
})

test('what is not of the public web is refused before anything is sent', async () => {
  await using server = await serve((_path, res) => html(res, 'x'))
  const { port } = server
  for (const url of [
    ...[server.at(), `http://localhost:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`, `http://2130706433:${port}/`],
    ...[`http://0x7f.1:${port}/`, 'http://127.0.0.1/', 'http://[::1]/', 'http://localhost/', 'https://10.0.0.1/'],
    ...['http://169.254.169.254/latest/meta-data/', 'http://0.0.0.0/'],
    ...['ftp://8.8.8.8/', 'file:///etc/passwd', 'http://8.8.8.8:22/', 'http://user:word@8.8.8.8/', 'nonsense'],
  ]) {
    await refused(fetchPublic(url, bounds), /not a public address|scheme|port|password|no address/)
  }
  assert.equal(server.asked, 0)
  assert.equal((await fetchPublic(server.at(), { ...bounds, allowed: server.allowed })).body.toString(), 'x')
  // By name: the name is resolved here, and what it is resolved to decides.
  const named = await fetchPublic(`http://localhost:${port}/`, { ...bounds, allowed: server.allowed })
  assert.equal(named.body.toString(), 'x')
})

test('redirects are followed to a bound, and not to where a link may not lead', async () => {
  await using inner = await serve((_path, res) => html(res, 'secret'))
  await using server = await serve((path, res) => {
    const to = {
      '/one': '/two',
      '/two': '/three',
      '/inner': inner.at(),
      '/loop': '/loop',
      '/file': 'file:///etc/passwd',
    }
    const location = (to as Record<string, string>)[path]
    if (location === undefined) return html(res, 'end')
    res.writeHead(302, { location })
    res.end()
  })
  const open = { ...bounds, allowed: server.allowed }
  const { url, body } = await fetchPublic(server.at('/one'), open)
  assert.deepEqual([url, body.toString()], [server.at('/three'), 'end'])
  await refused(fetchPublic(server.at('/loop'), open), /too many redirects/)
  await refused(fetchPublic(server.at('/inner'), open), /not a public address/)
  await refused(fetchPublic(server.at('/file'), open), /scheme/)
  assert.equal(inner.asked, 0)
})

test('large, slow, endless and packed bodies cost no more than they may', async () => {
  await using server = await serve((path, res) => {
    if (path === '/silent') return
    if (path === '/slow') {
      res.writeHead(200, { 'content-type': 'text/html' })
      const timer = setInterval(() => res.write('.'), 20)
      res.on('close', () => clearInterval(timer))
      return
    }
    if (path === '/endless') {
      res.writeHead(200, { 'content-type': 'text/html' })
      const more = () => {
        while (!res.destroyed && res.write(Buffer.alloc(65536, 97)));
      }
      res.on('drain', more)
      return more()
    }
    if (path === '/bomb') return html(res, gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' })
    if (path === '/packed') return html(res, gzipSync('packed'), { 'content-encoding': 'gzip' })
    if (path === '/strange') return html(res, 'x', { 'content-encoding': 'zip' })
    if (path === '/pdf') return html(res, 'x', { 'content-type': 'application/pdf' })
    res.writeHead(404)
    res.end()
  })
  const open = { ...bounds, ms: 300, allowed: server.allowed }
  await refused(fetchPublic(server.at('/silent'), open), /too long/)
  await refused(fetchPublic(server.at('/slow'), open), /too long/)
  assert.equal((await fetchPublic(server.at('/endless'), { ...open, ms: 5000 })).body.length, 1000)
  await refused(fetchPublic(server.at('/endless'), { ...open, ms: 5000, whole: true }), /too large/)
  assert.equal((await fetchPublic(server.at('/bomb'), { ...open, ms: 5000 })).body.length, 1000)
  assert.equal((await fetchPublic(server.at('/packed'), { ...open, ms: 5000 })).body.toString(), 'packed')
  await refused(fetchPublic(server.at('/strange'), open), /encoding/)
  await refused(fetchPublic(server.at('/pdf'), open), /content type/)
  await refused(fetchPublic(server.at('/none'), open), /status 404/)
})

test('a page is described by Open Graph, by cards, or by itself', () => {
  const base = 'https://example.com/a/b'
  const full = parsePage(
    `<html><head><title>Plain</title><meta property="og:title" content="Tom &amp; Jerry"><meta name=description content=plain>
    <meta property="og:description" content="  two\n lines "><meta property="og:image" content="../pic.jpg">
    <meta property="og:site_name" content="Site"><meta name="twitter:card" content="summary_large_image">
    <meta property="og:video:url" content="https://example.com/player"><meta property="og:video:type" content="text/html">
    <meta property="og:video:width" content="640"><meta property="og:video:height" content="360"></head></html>`,
    base,
  )
  assert.deepEqual(
    { ...full },
    {
      ...{ siteName: 'Site', title: 'Tom & Jerry', description: 'two lines', author: undefined },
      ...{
        image: 'https://example.com/pic.jpg',
        largeImage: true,
        type: undefined,
        duration: undefined,
        published: undefined,
      },
      embed: { url: 'https://example.com/player', type: 'iframe', width: 640, height: 360 },
    },
  )
  const plain = parsePage('<svg><title>No</title></svg><title>A\u0000\u202e title</title><p>unclosed <b', base)
  assert.deepEqual([plain.title, plain.description, plain.image], ['A title', undefined, undefined])
  assert.equal(parsePage('<meta property="og:image" content="javascript:alert(1)">', base).image, undefined)
  assert.equal(parsePage(`<title>${'x'.repeat(5000)}</title>`, base).title!.length, 300)
  assert.equal(decodeText(Buffer.from([0xcf, 0xf0, 0xe8]), 'windows-1251'), 'При')
  assert.equal(decodeText(Buffer.from('<meta charset="utf-8">é'), 'no-such-charset'), '<meta charset="utf-8">é')
})
