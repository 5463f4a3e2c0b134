// Key exchanges, some at a time, each on a connection of its own.
import type { RsaKey } from '../../src/mtproto/rsa.ts'
import { Client } from '../client.ts'
import { type Figure, type Load, Meter, rates } from '../measure.ts'

const AT_ONCE = 8

export async function handshakes(load: Load, rsa: RsaKey): Promise<Figure> {
  let count = 0
  let until = performance.now() + 1000
  const worker = async () => {
    while (performance.now() < until) {
      ;(await Client.exchange(load.port, rsa)).close()
      count++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  await load.mark('begin')
  const meter = new Meter(load.serverPid)
  count = 0
  until = performance.now() + load.seconds * 1000
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const span = meter.end()
  await load.mark('end')
  return rates(count, span)
}
