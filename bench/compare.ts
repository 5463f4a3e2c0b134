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

/** What is compared: its name, and where the peers' bench and ours print it. */
const COMPARED: [name: string, peers: [figure: string, field: string], own: [figure: string, field: string]][] = [
  ['messages per server CPU second', ['pm', 'perServerCpuS'], ['messages', 'perServerCpuS']],
  ['p99 at 500 messages/s, ms', ['rate', 'p99ms'], ['steady', 'p99ms']],
  ['deliveries to 1,000 per server CPU second', ['muc', 'perServerCpuS'], ['supergroup', 'perServerCpuS']],
  ['KiB an idle connection', ['idle', 'kibPerConn'], ['idle', 'kibPerConnection']],
  ['cold start, ms', ['start', 'coldStartMs'], ['start', 'coldStartMs']],
  ['memory at rest, MiB', ['start', 'idleRssMiB'], ['start', 'idleRssMiB']],
]

/** A peer's figures, in the order of what is compared. */
async function peer(name: 'ejabberd' | 'prosody'): Promise<number[]> {
  const env = { GC: 'generational', REPS: values.reps, SECONDS: values.seconds }
  const found = await lines([join(import.meta.dirname, 'peers/bench.mjs'), name], env)
  return COMPARED.map(([, [figure, field]]) => found.find((line) => line.figure === figure)?.median?.[field])
}

async function own(): Promise<number[]> {
  const names = [...new Set(COMPARED.map(([, , [figure]]) => figure)), 'channel']
  const options = ['--seconds', values.seconds, '--reps', values.reps]
  const found = await lines([join(import.meta.dirname, 'run.ts'), ...names, ...options])
  return COMPARED.map(([, , [figure, field]]) => found.find((line) => line.figure === figure)?.[field])
}

const ratio = (one: number, other: number) => (other ? Math.round((one / other) * 100) / 100 : undefined)
const [ejabberd, prosody, chappe] = [await peer('ejabberd'), await peer('prosody'), await own()]
for (const [i, [figure]] of COMPARED.entries()) {
  const [ours, theirs, others] = [chappe[i]!, ejabberd[i]!, prosody[i]!]
  console.log(
    JSON.stringify({
      figure,
      ...{ chappe: ours, ejabberd: theirs, prosody: others },
      ...{ chappeToEjabberd: ratio(ours, theirs), chappeToProsody: ratio(ours, others) },
    }),
  )
}
