// One group or channel, all online: the first writes, and writes again when the last of the others has it. A basic
// group of 200, where each has a copy of the message, or a supergroup or channel, where all have one.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, type Channel, GROUP, signIn, type World } from '../accounts.ts'
import { type Figure, type Load, Meter, quantile, rates } from '../measure.ts'
import { eachMessage, Template } from './messages.ts'

const WARM_S = 2

export function basicGroup(load: Load, world: World): Promise<Figure> {
  return fanOut(load, world.accounts.slice(0, GROUP), { _: 'inputPeerChat', chatId: world.group! })
}

export function channelOf(load: Load, world: World, { id, hash }: Channel, members: number): Promise<Figure> {
  const peer = { _: 'inputPeerChannel', channelId: id, accessHash: BigInt(hash) }
  return fanOut(load, world.accounts.slice(0, members), peer)
}

async function fanOut(load: Load, accounts: readonly Account[], peer: object): Promise<Figure> {
  const clients = await signIn(load.port, accounts)
  const others = clients.length - 1
  const template = new Template(peer)
  let delivered = 0
  let faults = 0
  let sent = 0
  let left = 0
  let at = 0
  let stopped = false
  const rounds: number[] = []
  const post = () => {
    left = others
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
    online: clients.length,
    ...rates(count, span),
    postsPerS: Math.round((count / others / span.seconds) * 10) / 10,
    lastP50ms: quantile(times, 0.5),
    lastP99ms: quantile(times, 0.99),
    lost: left,
    faults,
  }
}
