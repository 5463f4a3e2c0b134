// updates.getDifference of an account that has missed 10,000 messages, slice by slice, again and again.
import { readResult, writeObject } from '../../src/tl/index.ts'
import { each, signIn, type World } from '../accounts.ts'
import { LAYER } from '../client.ts'
import { type Figure, type Load, Meter, rates, three } from '../measure.ts'
import { Template } from './messages.ts'

const MISSED = 10_000

export async function difference(load: Load, world: World): Promise<Figure> {
  const [from, to] = world.accounts
  const [sender, receiver] = await signIn(load.port, [from!, to!])
  const start = await receiver!.call('updates.getState')
  receiver!.onUpdate = () => {}
  const template = new Template({ _: 'inputPeerUser', userId: to!.userId, accessHash: BigInt(to!.hash!) })
  await each(MISSED, 64, async (i) => {
    await sender!.ask(template.make(i))
  })
  const fetch = async () => {
    let { pts, qts, date } = start
    let messages = 0
    for (;;) {
      const request = writeObject({ _: 'updates.getDifference', pts, qts, date } as any, LAYER)
      const answer = readResult('updates.getDifference', await receiver!.ask(request), LAYER)
      if (answer._ === 'updates.differenceEmpty' || answer._ === 'updates.differenceTooLong') return messages
      messages += answer.newMessages.length
      if (answer._ === 'updates.difference') return messages
      ;({ pts, qts, date } = answer.intermediateState)
    }
  }
  const once = await fetch()
  await load.mark('begin')
  const meter = new Meter(load.serverPid)
  const until = performance.now() + load.seconds * 1000
  let rounds = 0
  let messages = 0
  while (performance.now() < until) {
    messages += await fetch()
    rounds++
  }
  const span = meter.end()
  await load.mark('end')
  sender!.close()
  receiver!.close()
  return { updates: once, msEach: three((span.seconds * 1000) / rounds), ...rates(messages, span) }
}
