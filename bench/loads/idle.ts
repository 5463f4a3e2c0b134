// Memory of a connection that is signed in, takes updates, and does nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import { signIn, type World } from '../accounts.ts'
import { type Figure, type Load, Meter, three, two } from '../measure.ts'
import { residentMiB } from '../server-process.ts'

/** Before memory is looked at; the server gives back what it can when it sees that nothing happens. */
const SETTLE_S = 15

export async function idle(load: Load, world: World, count: number): Promise<Figure> {
  // The first ones load what the server loads but once.
  const early = await signIn(load.port, world.accounts.slice(0, 10))
  for (const client of early) client.close()
  await sleep(SETTLE_S * 1000)
  const before = residentMiB(load.serverPid)
  await load.mark('begin')
  const meter = new Meter(load.serverPid)
  const clients = await signIn(load.port, world.accounts.slice(0, count))
  const signedIn = meter.end()
  await sleep(SETTLE_S * 1000)
  const after = residentMiB(load.serverPid)
  meter.begin()
  await sleep(5000)
  const quiet = meter.end()
  await load.mark('end')
  const closed = clients.filter((client) => client.stream.closed).length
  for (const client of clients) client.close()
  return {
    connections: count,
    kibPerConnection: Math.round(((after - before) * 1024 * 10) / count) / 10,
    rssMiBBefore: two(before),
    rssMiBAfter: two(after),
    signInsPerServerCpuS: Math.round(count / signedIn.serverCpuS),
    ...signedIn,
    idleCpuShare: three(quiet.serverCpuS / quiet.seconds),
    closed,
  }
}
