// npm run soak -- [--minutes 30] [--rate 200] [--out docs/soak.svg]
// One server under a steady mixture for long: private messages at a rate, and clients that come, look around, send a
// file and go. Every ten seconds: memory, latency, CPU. Prints a line each and draws them in the end.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { loadRsaKey } from '../src/mtproto/rsa.ts'
import { type Account, makeWorld, signIn } from './accounts.ts'
import { Client, greeting } from './client.ts'
import { eachMessage, Template } from './loads/messages.ts'
import { quantile, two } from './measure.ts'
import { cpuSeconds, residentMiB, ServerProcess } from './server-process.ts'

const ACCOUNTS = 100
const SAMPLE_MS = 10_000
const VISIT_MS = 500
const PART = 64 * 1024

interface Sample {
  minute: number
  rssMiB: number
  cpuShare: number
  messages: number
  visits: number
  p50ms: number
  p99ms: number
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '200' },
    out: { type: 'string', default: '' },
  },
})
const minutes = Number(values.minutes)
const rate = Number(values.rate)
if (!(minutes > 0 && rate >= 1)) throw new Error('--minutes and --rate are numbers above 0')

/** Somebody comes, looks around, sends a file to themselves and goes. */
async function visit(port: number, account: Account, n: bigint): Promise<void> {
  const client = await Client.connect(port, account.key)
  client.onUpdate = () => {}
  await client.first(greeting({ _: 'updates.getState' }))
  const offsetPeer = { _: 'inputPeerEmpty' }
  await client.call('messages.getDialogs', { offsetDate: 0, offsetId: 0, offsetPeer, limit: 20, hash: 0n })
  const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 30, maxId: 0, minId: 0, hash: 0n }
  await client.call('messages.getHistory', { peer: { _: 'inputPeerSelf' }, ...page })
  await client.call('upload.saveFilePart', { fileId: n, filePart: 0, bytes: randomBytes(PART) })
  const file = { _: 'inputFile', id: n, parts: 1, name: 'soak.bin', md5Checksum: '' }
  const media = {
    _: 'inputMediaUploadedDocument',
    forceFile: true,
    file,
    mimeType: 'application/x-soak',
    attributes: [],
  }
  await client.call('messages.sendMedia', { peer: { _: 'inputPeerSelf' }, media, message: '', randomId: n })
  client.close()
}

async function soak(server: ServerProcess, accounts: readonly Account[]): Promise<Sample[]> {
  const clients = await signIn(server.port, accounts)
  const latencies: number[] = []
  let delivered = 0
  let visits = 0
  const posts = Array.from({ length: ACCOUNTS / 2 }, (_, pair) => {
    const [from, to] = [clients[2 * pair]!, clients[2 * pair + 1]!]
    const { userId, hash } = accounts[2 * pair + 1]!
    const template = new Template({ _: 'inputPeerUser', userId, accessHash: BigInt(hash!) })
    const times = new Map<number, number>()
    let sent = 0
    to.onUpdate = (body) =>
      eachMessage(body, (n) => {
        latencies.push(performance.now() - times.get(n)!)
        times.delete(n)
        delivered++
      })
    return () => {
      times.set(sent, performance.now())
      from.send(template.make(sent++))
      from.flush()
    }
  })
  const begun = performance.now()
  let n = 0
  const posting = setInterval(() => {
    while (n < ((performance.now() - begun) * rate) / 1000) posts[n++ % posts.length]!()
  }, 1)
  let last = 1n
  let failure: Error | undefined
  const visiting = setInterval(() => {
    visit(server.port, accounts[Number(last) % ACCOUNTS]!, ++last).then(
      () => visits++,
      (error: Error) => {
        failure = error
      },
    )
  }, VISIT_MS)
  const samples: Sample[] = []
  for (let cpu = cpuSeconds(server.pid); performance.now() - begun < minutes * 60_000; ) {
    await sleep(SAMPLE_MS)
    if (failure) throw failure
    const now = cpuSeconds(server.pid)
    latencies.sort((a, b) => a - b)
    const sample: Sample = {
      minute: two((performance.now() - begun) / 60_000),
      rssMiB: two(residentMiB(server.pid)),
      cpuShare: two((now - cpu) / (SAMPLE_MS / 1000)),
      messages: delivered,
      visits,
      p50ms: quantile(latencies, 0.5),
      p99ms: quantile(latencies, 0.99),
    }
    console.log(JSON.stringify(sample))
    samples.push(sample)
    latencies.length = 0
    cpu = now
  }
  clearInterval(posting)
  clearInterval(visiting)
  await sleep(1000)
  console.log(JSON.stringify({ posted: n, delivered, lost: n - delivered, visits }))
  for (const client of clients) client.close()
  return samples
}

const WIDTH = 760
const HEIGHT = 150
const LEFT = 60

/** One line over time, from 0 to somewhat above its largest value. */
function panel(samples: readonly Sample[], top: number, title: string, of: readonly (keyof Sample)[]): string {
  const most = Math.max(...samples.flatMap((sample) => of.map((key) => sample[key]))) * 1.15 || 1
  const end = samples.at(-1)!.minute
  const colors = ['#2563eb', '#d97706']
  const line = (key: keyof Sample, color: string) => {
    const points = samples.map(
      (s) => `${two(LEFT + (s.minute / end) * WIDTH)},${two(top + HEIGHT - (s[key] / most) * HEIGHT)}`,
    )
    return `<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${points.join(' ')}"/>`
  }
  const text = (x: number, y: number, content: string, anchor = 'start') =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`
  return [
    text(LEFT, top - 8, title),
    `<path d="M${LEFT} ${top}V${top + HEIGHT}H${LEFT + WIDTH}" fill="none" stroke="#888"/>`,
    text(LEFT - 6, top + 10, String(Math.round(most * 10) / 10), 'end'),
    text(LEFT - 6, top + HEIGHT, '0', 'end'),
    ...of.map((key, i) => line(key, colors[i]!)),
  ].join('\n')
}

function picture(samples: readonly Sample[]): string {
  const end = samples.at(-1)!.minute
  const foot = `<text x="${LEFT + WIDTH}" y="640" text-anchor="end">${end} minutes, ${rate} messages/s, a visitor every ${VISIT_MS} ms</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 20} 660" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${panel(samples, 40, 'memory of the server, MiB', ['rssMiB'])}
${panel(samples, 240, 'time to delivery, ms: median (blue), 99th percentile (orange)', ['p50ms', 'p99ms'])}
${panel(samples, 440, 'share of one core', ['cpuShare'])}
${foot}
</svg>
`
}

const dir = mkdtempSync(join(tmpdir(), 'chappe-soak-'))
const server = ServerProcess.spawn(dir)
try {
  await server.ready()
  const rsa = loadRsaKey(readFileSync(join(dir, 'keys/rsa.pem'), 'utf8'))
  const { accounts } = await makeWorld(server.port, rsa, ACCOUNTS)
  const samples = await soak(server, accounts)
  if (values.out) writeFileSync(values.out, picture(samples))
} finally {
  await server.stop()
  await rm(dir, { recursive: true, force: true })
}
