// A file of 64 MiB up in parts of 512 KiB and down in pieces of 1 MiB, four at a time on one connection.
import { randomBytes } from 'node:crypto'
import { each, signIn, type World } from '../accounts.ts'
import { type Figure, type Load, Meter, rates } from '../measure.ts'

const MiB = 1024 * 1024
const SIZE = 64 * MiB
const PART = MiB / 2
const AT_ONCE = 4

export async function files(load: Load, world: World): Promise<Record<'upload' | 'download', Figure>> {
  const [client] = await signIn(load.port, world.accounts.slice(0, 1))
  const bytes = randomBytes(PART)
  const fileTotalParts = SIZE / PART
  const up = async (fileId: bigint) => {
    await each(fileTotalParts, AT_ONCE, async (filePart) => {
      bytes.writeUInt32LE(filePart, 0)
      await client!.call('upload.saveBigFilePart', { fileId, filePart, fileTotalParts, bytes })
    })
  }
  await up(1n)
  await load.mark('begin')
  let meter = new Meter(load.serverPid)
  let mib = 0
  let until = performance.now() + (load.seconds * 1000) / 2
  for (let id = 2n; performance.now() < until; id++) {
    await up(id)
    mib += SIZE / MiB
  }
  const upload = rates(mib, meter.end())

  const media = await client!.call('messages.uploadMedia', {
    peer: { _: 'inputPeerSelf' },
    media: {
      _: 'inputMediaUploadedDocument',
      forceFile: true,
      file: { _: 'inputFileBig', id: 1n, parts: fileTotalParts, name: 'bench.bin' },
      mimeType: 'application/octet-stream',
      attributes: [{ _: 'documentAttributeFilename', fileName: 'bench.bin' }],
    },
  })
  const { document } = media as unknown as { document: { id: bigint; accessHash: bigint; fileReference: Uint8Array } }
  const location = { _: 'inputDocumentFileLocation', ...pick(document), thumbSize: '' }
  const down = () =>
    each(SIZE / MiB, AT_ONCE, async (i) => {
      const piece = await client!.call('upload.getFile', { location, offset: i * MiB, limit: MiB })
      if (piece._ !== 'upload.file' || piece.bytes.length !== MiB) throw new Error('a piece is missing')
    })
  await down()
  meter = new Meter(load.serverPid)
  mib = 0
  until = performance.now() + (load.seconds * 1000) / 2
  while (performance.now() < until) {
    await down()
    mib += SIZE / MiB
  }
  const download = rates(mib, meter.end())
  await load.mark('end')
  client!.close()
  return { upload, download }
}

const pick = ({ id, accessHash, fileReference }: { id: bigint; accessHash: bigint; fileReference: Uint8Array }) => ({
  id,
  accessHash,
  fileReference,
})
