import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'

/** A server that speaks S3, on loopback, with one bucket; it checks signatures. */
export interface TestS3 extends AsyncDisposable {
  /** For `openBlobs` and `--blobs`. */
  readonly address: string
  readonly directory: string
  stop(): Promise<void>
  start(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function startS3(): Promise<TestS3> {
  const directory = mkdtempSync(join(tmpdir(), 'chappe-s3-'))
  const port = await freePort()
  const options = { address: '127.0.0.1', port, silent: true, directory, configureBuckets: [{ name: 'chappe' }] }
  let server: S3rver | undefined
  const start = async () => {
    server = new S3rver(options)
    await server.run()
  }
  const stop = async () => {
    await server?.close()
    server = undefined
  }
  await start()
  return {
    address: `s3://S3RVER:S3RVER@chappe/files?endpoint=http://127.0.0.1:${port}`,
    directory,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
