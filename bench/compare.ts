// npm run bench:peers -- [--seconds N] [--reps N]
// ejabberd, Prosody and this server one after the other on one machine, and the ratios. See bench/peers/README.md.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, reps: { type: 'string', default: '3' } },
})

type Line = Record<string, any>

async function lines(args: string[], env: Record<string, string> = {}): Promise<Line[]> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const found: Line[] = []
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      console.log(line)
      found.push(JSON.parse(line))
    }
  })()
  const [code] = await once(child, 'exit')
  await reading
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return found
}

/** The figures of a peer by what they are called here. */
async function peer(name: 'ejabberd' | 'prosody'): Promise<Record<string, number>> {
  const env = { GC: 'generational', REPS: values.reps, SECONDS: values.seconds }
  const found = await lines([join(import.meta.dirname, 'peers/bench.mjs'), name], env)
  const of = (figure: string) => found.find((line) => line.figure === figure)?.median ?? {}
  return {
    'messages per server CPU second': of('pm').perServerCpuS,
    'p99 at 500 messages/s, ms': of('rate').p99ms,
    'deliveries to 1,000 per server CPU second': of('muc').perServerCpuS,
    'KiB an idle connection': of('idle').kibPerConn,
    'cold start, ms': of('start').coldStartMs,
    'memory at rest, MiB': of('start').idleRssMiB,
  }
}

async function own(): Promise<Record<string, number>> {
  const names = ['start', 'messages', 'steady', 'supergroup', 'channel', 'idle']
  const options = ['--seconds', values.seconds, '--reps', values.reps]
  const found = await lines([join(import.meta.dirname, 'run.ts'), ...names, ...options])
  const of = (figure: string) => found.find((line) => line.figure === figure) ?? {}
  return {
    'messages per server CPU second': of('messages').perServerCpuS,
    'p99 at 500 messages/s, ms': of('steady').p99ms,
    'deliveries to 1,000 per server CPU second': of('supergroup').perServerCpuS,
    'KiB an idle connection': of('idle').kibPerConnection,
    'cold start, ms': of('start').coldStartMs,
    'memory at rest, MiB': of('start').idleRssMiB,
  }
}

const servers = { ejabberd: await peer('ejabberd'), prosody: await peer('prosody'), chappe: await own() }
for (const [figure, value] of Object.entries(servers.chappe)) {
  const { ejabberd, prosody } = servers
  const ratio = (other: number | undefined) => (other ? Math.round((value / other) * 100) / 100 : undefined)
  console.log(
    JSON.stringify({
      figure,
      chappe: value,
      ejabberd: ejabberd[figure],
      prosody: prosody[figure],
      chappeToEjabberd: ratio(ejabberd[figure]),
      chappeToProsody: ratio(prosody[figure]),
    }),
  )
}
