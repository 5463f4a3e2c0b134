// 500 messages a second among those who do nothing wrong: alone, and while others do what they should not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { RsaKey } from '../../src/mtproto/rsa.ts'
import type { World } from '../accounts.ts'
import { type Figure, type Load, two } from '../measure.ts'
import type { Attack, Orders } from './attackers.ts'
import { messages } from './messages.ts'

const ATTACKS: readonly Attack[] = ['silent', 'slow', 'exchanges', 'greedy']
const RATE = { perSecond: 500 }

export async function hostile(load: Load, world: World, rsa: RsaKey): Promise<Record<string, Figure>> {
  const quiet = { ...load, mark: async () => {} }
  const calm = await messages(quiet, world, RATE)
  const figures: Record<string, Figure> = { 'hostile-none': short(calm, calm) }
  for (const attack of ATTACKS) {
    // They would be elsewhere: here they get what nobody else wants of the cores, all their threads. Beside one of the
    // lowest priority (nice) the generator waited for its core up to 40 ms; who is of the idle class gives way at once.
    const idle = process.platform === 'linux' ? ['chrt', '--idle', '0'] : ['nice', '-n', '19']
    const [command, ...words] = [...idle, process.execPath, join(import.meta.dirname, 'attackers.ts')]
    const child = spawn(command!, words, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    // Not one of those that write to each other.
    const { key } = world.accounts[2 * 50]!
    child.send({ attack, port: load.port, fingerprint: String(rsa.fingerprint), key } satisfies Orders)
    const [answer] = await once(child, 'message')
    if (answer !== 'ready') throw new Error(`${attack}: ${answer.error}`)
    figures[`hostile-${attack}`] = short(await messages(quiet, world, RATE), calm)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return figures
}

const short = (figure: Figure, calm: Figure): Figure => ({
  perS: figure.perS!,
  p50ms: figure.p50ms!,
  p99ms: figure.p99ms!,
  p99Ratio: two(Number(figure.p99ms) / Number(calm.p99ms)),
  serverCpuS: figure.serverCpuS!,
  otherCpuS: figure.otherCpuS!,
  lost: figure.lost!,
  unanswered: figure.unanswered!,
  faults: figure.faults!,
})
