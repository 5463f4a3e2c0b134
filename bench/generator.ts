// The load generator, a process of its own. run.ts tells it by messages what to do.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRsaKey } from '../src/mtproto/rsa.ts'
import { CHANNEL, makeWorld, SUPERGROUP, type World } from './accounts.ts'
import { history, members, search } from './loads/big.ts'
import { cores } from './loads/cores.ts'
import { difference } from './loads/difference.ts'
import { basicGroup, channelOf } from './loads/fan-out.ts'
import { files } from './loads/files.ts'
import { handshakes } from './loads/handshakes.ts'
import { hostile } from './loads/hostile.ts'
import { idle } from './loads/idle.ts'
import { joinStorm } from './loads/join-storm.ts'
import { messages } from './loads/messages.ts'
import type { Figure, Load } from './measure.ts'

export interface Job {
  name: string
  port: number
  serverPid: number
  dataDir: string
  /** The file that says which accounts there are. */
  worldFile: string
  seconds: number
  count: number
}

async function work(job: Job): Promise<Record<string, Figure>> {
  const rsa = loadRsaKey(readFileSync(join(job.dataDir, 'keys/rsa.pem'), 'utf8'))
  if (job.name === 'prepare') {
    writeFileSync(job.worldFile, JSON.stringify(await makeWorld(job.port, rsa, job.count)))
    return {}
  }
  const world = JSON.parse(readFileSync(job.worldFile, 'utf8')) as World
  const load: Load = { ...job, mark }
  switch (job.name) {
    case 'handshakes':
      return { handshakes: await handshakes(load, rsa) }
    case 'messages':
      return { messages: await messages(load, world, { window: 16 }) }
    case 'postgres':
      return { postgres: await messages(load, world, { window: 16 }) }
    case 'steady':
      return { steady: await messages(load, world, { perSecond: 500 }) }
    case 'fan-out':
      return { 'fan-out': await basicGroup(load, world) }
    case 'supergroup':
      return { supergroup: await channelOf(load, world, world.supergroup!, SUPERGROUP) }
    case 'channel':
      return { channel: await channelOf(load, world, world.channel!, SUPERGROUP) }
    case 'channel-5000':
      return { 'channel-5000': await channelOf(load, world, world.channel!, CHANNEL) }
    case 'join-storm':
      return joinStorm(load, world)
    case 'hostile':
      return hostile(load, world, rsa)
    case 'cores':
      return cores(load, world)
    case 'idle':
      return { idle: await idle(load, world, job.count) }
    case 'files':
      return { ...(await files(load, world)) }
    case 'members':
      return { members: await members(load, world) }
    case 'history':
      return { history: await history(load, world) }
    case 'search':
      return { search: await search(load, world) }
    case 'difference':
      return { difference: await difference(load, world) }
  }
  throw new Error(`no load ${job.name}`)
}

/** Waits for the process above to take note. */
function mark(what: 'begin' | 'end'): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve())
    process.send!({ mark: what })
  })
}

process.once('message', (job) => {
  work(job as Job).then(
    (figures) => process.send!({ figures }, () => process.exit(0)),
    (error: Error) => process.send!({ error: error.stack ?? error.message }, () => process.exit(1)),
  )
})
process.once('disconnect', () => process.exit(1))
