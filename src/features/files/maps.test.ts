import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { picture } from '../../../test/harness/files.ts'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const place = (more: Partial<tl.inputWebFileGeoPointLocation> = {}): tl.inputWebFileGeoPointLocation => ({
  _: 'inputWebFileGeoPointLocation',
  geoPoint: { _: 'inputGeoPoint', lat: 52.52, long: 13.405 },
  accessHash: 0n,
  ...{ w: 320, h: 200, zoom: 15, scale: 2 },
  ...more,
})
const part = { offset: 0, limit: 65_536 }

test('the map of a place comes from the server that the operator named, in parts', async () => {
  const drawn = await picture(640, 400, 'png')
  const asked: string[] = []
  const maps = createServer((request, response) => {
    asked.push(request.url!)
    if (request.url!.includes('zoom=20')) return response.writeHead(500).end()
    response.end(request.url!.includes('zoom=19') ? 'no picture' : drawn)
  })
  maps.listen(0, '127.0.0.1')
  await once(maps, 'listening')
  const { port } = maps.address() as AddressInfo
  const mapUrl = `http://127.0.0.1:${port}/map/{lat},{long}?zoom={zoom}&size={w}x{h}@{scale}`
  await using server = await startTestServer({ settings: { mapUrl } })
  const alice = await server.person('Alice')
  const file = await alice.call('upload.getWebFile', { location: place(), ...part })
  assert.deepEqual([file.size, file.mimeType, file.fileType._], [drawn.length, 'image/png', 'storage.filePng'])
  assert.deepEqual(Buffer.from(file.bytes), drawn.subarray(0, part.limit))
  const rest = await alice.call('upload.getWebFile', { location: place(), offset: 4096, limit: 4096 })
  assert.deepEqual(Buffer.from(rest.bytes), drawn.subarray(4096, 8192))
  // Asked for once.
  assert.deepEqual(asked, ['/map/52.52,13.405?zoom=15&size=320x200@2'])
  for (const wrong of [{ w: 15 }, { h: 1025 }, { zoom: 12 }, { scale: 4 }, { zoom: 19 }, { zoom: 20 }]) {
    await alice.fails('LOCATION_INVALID', 'upload.getWebFile', { location: place(wrong), ...part })
  }
  for (const [lat, long] of [
    [91, 0],
    [0, 181],
    [Number.NaN, 0],
  ] as [number, number][]) {
    const location = place({ geoPoint: { _: 'inputGeoPoint', lat, long } })
    await alice.fails('LOCATION_INVALID', 'upload.getWebFile', { location, ...part })
  }
  await alice.fails('OFFSET_INVALID', 'upload.getWebFile', { location: place(), offset: 1, limit: 4096 })
  maps.closeAllConnections()
  maps.close()
})

test('without such a server there are no maps', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  await alice.fails('LOCATION_INVALID', 'upload.getWebFile', { location: place(), ...part })
})
