// One group of 200, all online: the first writes, and writes again when the last of the others has it. A basic group,
// where each has a copy of the message, or a supergroup, where all have one.
import { setTimeout as sleep } from 'node:timers/promises'
import { GROUP, signIn, type World } from '../accounts.ts'
import { type Figure, type Load, Meter, quantile, rates } from '../measure.ts'
import { eachMessage, Template } from './messages.ts'

const WARM_S = 2

export async function fanOut(load: Load, world: World, kind: 'group' | 'supergroup'): Promise<Figure> {
  const clients = await signIn(load.port, world.accounts.slice(0, GROUP))
  const { id, hash } = world.channel!
  const template = new Template(
    kind === 'group'
      ? { _: 'inputPeerChat', chatId: world.group! }
      : { _: 'inputPeerChannel', channelId: id, accessHash: BigInt(hash) },
  )
  let delivered = 0
  let faults = 0
  let sent = 0
  let left = 0
  let at = 0
  let stopped = false
  const rounds: number[] = []
  const post = () => {
    left = GROUP - 1
    at = performance.now()
    clients[0]!.send(template.make(sent++), (body) => {
      if (body.readInt32LE(0) === 0x2144ca19) faults++
    })
    clients[0]!.flush()
  }
  for (const client of clients.slice(1)) {
    client.onUpdate = (body) =>
      eachMessage(body, (n) => {
        if (n !== sent - 1) faults++
        delivered++
        if (--left > 0) return
        rounds.push(performance.now() - at)
        if (!stopped) post()
      })
  }
  post()
  await sleep(WARM_S * 1000)
  await load.mark('begin')
  const meter = new Meter(load.serverPid)
  const before = delivered
  rounds.length = 0
  await sleep(load.seconds * 1000)
  const span = meter.end()
  const count = delivered - before
  await load.mark('end')
  stopped = true
  const times = rounds.sort((a, b) => a - b)
  for (let i = 0; i < 100 && left > 0; i++) await sleep(20)
  for (const client of clients) client.close()
  return {
    ...rates(count, span),
    postsPerS: Math.round((count / (GROUP - 1) / span.seconds) * 10) / 10,
    lastP50ms: quantile(times, 0.5),
    lastP99ms: quantile(times, 0.99),
    lost: left,
    faults,
  }
}
