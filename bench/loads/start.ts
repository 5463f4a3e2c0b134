// From the start of the process to the first answered request of somebody who is signed in; and memory after a rest.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../accounts.ts'
import { Client, greeting } from '../client.ts'
import { type Figure, two } from '../measure.ts'
import { cpuSeconds, residentMiB, ServerProcess } from '../server-process.ts'

const LIMIT_MS = 30_000
const REST_MS = 5000

export async function coldStart(dataDir: string, worldFile: string): Promise<Figure> {
  const { accounts } = JSON.parse(readFileSync(worldFile, 'utf8')) as World
  const port = await freePort()
  const hello = greeting({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })
  const began = performance.now()
  const server = ServerProcess.spawn(dataDir, { port })
  try {
    const client = await connected(port, accounts[0]!.key, began)
    await client.first(hello)
    const ms = performance.now() - began
    const serverCpuS = cpuSeconds(server.pid)
    client.close()
    await sleep(REST_MS)
    return { coldStartMs: Math.round(ms), serverCpuS: two(serverCpuS), idleRssMiB: two(residentMiB(server.pid)) }
  } finally {
    await server.stop()
  }
}

async function connected(port: number, key: string, began: number): Promise<Client> {
  for (;;) {
    try {
      return await Client.connect(port, key)
    } catch (error) {
      if (performance.now() - began > LIMIT_MS) throw error
      await sleep(2)
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
