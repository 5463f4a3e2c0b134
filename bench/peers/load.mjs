// Load generator, one process per run:  node load.mjs MODE PORT SERVER_PID [N]
// Modes: users, pm, rate, muc, idle. Prints one JSON line.
import fs from 'node:fs'
import { Client, DOMAIN, each, sleep, user } from './xmpp.mjs'

const [mode, port, pid] = [process.argv[2], +process.argv[3], +process.argv[4]]
const N = +process.argv[5]
const {
  SECONDS = 20,
  OCCUPANTS = 1000,
  SETTLE = 10,
} = Object.fromEntries(Object.entries(process.env).map(([k, v]) => [k, +v]))
const PAIRS = 50,
  WINDOW = 16,
  RATE = 500,
  WARM = 3
const BODY = 100

// ---- accounting: CPU seconds of server, generator and everything else on the machine
const TICK = 100 // USER_HZ
const stat = (p) => {
  const s = fs.readFileSync(`/proc/${p}/stat`, 'latin1')
  return s.slice(s.lastIndexOf(')') + 2).split(' ')
}
function cpu() {
  const own = process.cpuUsage(),
    s = stat(pid)
  const now = {
    t: performance.now() / 1e3,
    server: (+s[11] + +s[12]) / TICK,
    gen: (own.user + own.system) / 1e6,
    kernel: 0,
    all: 0,
  }
  for (const p of fs.readdirSync('/proc')) {
    if (/^\d/.test(p))
      try {
        const [, parent, ...f] = stat(p) // f[9..12]: utime, stime and those of children that ended
        const sum = (+f[9] + +f[10] + +f[11] + +f[12]) / TICK
        if (parent === '2')
          now.kernel += sum // the kernel's own threads: disk writes and their journal, mostly
        else now.all += sum
      } catch {}
  }
  return now
}
function span(a, b) {
  const d = Object.fromEntries(Object.keys(a).map((k) => [k, b[k] - a[k]]))
  return {
    seconds: +d.t.toFixed(3),
    serverCpuS: +d.server.toFixed(2),
    generatorCpuS: +d.gen.toFixed(2),
    kernelCpuS: +d.kernel.toFixed(2),
    otherCpuS: +(d.all - d.server - d.gen).toFixed(2),
  }
}
function memory() {
  const s = fs.readFileSync(`/proc/${pid}/status`, 'latin1')
  const kib = (k) => +s.match(new RegExp(`${k}:\\s+(\\d+)`))[1]
  return { rss: kib('VmRSS'), anon: kib('RssAnon') }
}
const quantile = (sorted, q) => +(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN).toFixed(3)
const report = (o) => console.log(JSON.stringify(o))
const login = (n) => each(n, 16, (i) => new Client(port, user(i)).login())

// ---- private messages: u(2k) writes to u(2k+1), which only reads
async function pm(open) {
  const clients = await login(2 * PAIRS)
  await sleep(2000)
  const lat = []
  let sentAll = 0,
    got = 0,
    bytes = 0,
    bad = 0,
    measuring = false,
    stopped = false
  const pairs = Array.from({ length: PAIRS }, (_, k) => {
    const [a, b] = [clients[2 * k], clients[2 * k + 1]]
    let sent = 0,
      seen = 0,
      rest = ''
    const times = [] // FIFO: XMPP keeps the order between two users
    const to = `${b.user}@${DOMAIN}`
    const post = () => {
      const body = String(sent).padStart(8, '0').padEnd(BODY, 'x')
      times.push(performance.now())
      a.send(`<message to='${to}' type='chat' id='m${sent++}'><body>${body}</body></message>`)
      sentAll++
    }
    b.onData = (buf) => {
      if (measuring) bytes += buf.length
      rest += buf.latin1Slice()
      let at = 0
      for (let end; (end = rest.indexOf('</message>', at)) >= 0; at = end + 10) {
        const i = rest.indexOf('<body>', at)
        if (i < 0 || i > end || +rest.substr(i + 6, 8) !== seen) bad++
        seen++
        got++
        const t = times.shift()
        if (measuring) lat.push(performance.now() - t)
        if (!open && !stopped) post()
      }
      if (at) rest = rest.slice(at)
    }
    a.onData = (buf) => {
      if (buf.includes('type="error"') || buf.includes("type='error'")) bad++
    }
    return post
  })
  let timer
  if (open) {
    const t0 = performance.now()
    let k = 0
    timer = setInterval(() => {
      while (k < ((performance.now() - t0) * RATE) / 1e3) pairs[k++ % PAIRS]()
    }, 1)
  } else for (const post of pairs) for (let i = 0; i < WINDOW; i++) post()
  await sleep(WARM * 1e3)
  const a = cpu(),
    got0 = got
  measuring = true
  await sleep(SECONDS * 1e3)
  measuring = false
  const b = cpu(),
    n = got - got0
  stopped = true
  clearInterval(timer)
  for (let i = 0; i < 100 && got < sentAll; i++) await sleep(50)
  lat.sort((x, y) => x - y)
  const s = span(a, b)
  report({
    perS: +(n / s.seconds).toFixed(1),
    p50ms: quantile(lat, 0.5),
    p99ms: quantile(lat, 0.99),
    perServerCpuS: +(n / s.serverCpuS).toFixed(0),
    ...s,
    bytesPerDelivery: Math.round(bytes / n),
    lost: sentAll - got,
    bad,
  })
}

// ---- fan-out: one room; u0 posts, waits for its own echo, posts the next
async function muc() {
  const END = Buffer.from('</message>')
  const room = `room@conference.${DOMAIN}`
  const clients = await login(OCCUPANTS)
  const joins = performance.now()
  await each(OCCUPANTS, 8, (i) =>
    clients[i].ask(
      `<presence to='${room}/n${i}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`,
      /code=['"]110['"][\s\S]*<subject/,
    ),
  )
  const joinS = (performance.now() - joins) / 1e3
  let got = 0,
    bytes = 0,
    echoed,
    last = 0
  for (const c of clients) {
    let tail = ''
    c.onData = (buf) => {
      bytes += buf.length
      let n = 0
      if (tail && (tail + buf.latin1Slice(0, 9)).includes('</message>')) n++
      for (let p = 0; (p = buf.indexOf(END, p)) >= 0; p += 10) n++
      tail = buf[buf.length - 1] === 62 ? '' : (tail + buf.latin1Slice(Math.max(0, buf.length - 9))).slice(-9)
      if (!n) return
      got += n
      last = performance.now()
      if (c === clients[0]) echoed?.()
    }
  }
  await sleep(3000)
  got = bytes = 0
  const post = (i) =>
    new Promise((ok) => {
      echoed = ok
      clients[0].send(
        `<message to='${room}' type='groupchat' id='g${i}'><body>${String(i).padStart(8, '0').padEnd(BODY, 'x')}</body></message>`,
      )
    })
  const a = cpu(),
    echo = []
  let posts = 0
  while (performance.now() / 1e3 - a.t < SECONDS) {
    const t = performance.now()
    await post(posts++)
    echo.push(performance.now() - t)
  }
  const backlog = posts * OCCUPANTS - got
  for (let i = 0; i < 1200 && got < posts * OCCUPANTS; i++) await sleep(10)
  const b = cpu(),
    s = span(a, b)
  echo.sort((x, y) => x - y)
  report({
    perS: +(got / (last / 1e3 - a.t)).toFixed(0),
    postsPerS: +(posts / (last / 1e3 - a.t)).toFixed(1),
    echoP50ms: quantile(echo, 0.5),
    echoP99ms: quantile(echo, 0.99),
    perServerCpuS: +(got / s.serverCpuS).toFixed(0),
    ...s,
    bytesPerDelivery: Math.round(bytes / got),
    backlogAtEnd: backlog,
    lost: posts * OCCUPANTS - got,
    joinS: +joinS.toFixed(1),
  })
}

// ---- idle connections: authenticated, bound, available
async function idle() {
  const settle = SETTLE * 1e3
  const at = {}
  ;(await new Client(port, user(0)).login()).close()
  await sleep(settle)
  at[0] = memory()
  for (const [from, to] of [
    [0, N / 2],
    [N / 2, N],
  ]) {
    await each(to - from, 16, (i) => new Client(port, user(from + i)).login())
    await sleep(settle)
    at[to] = memory()
  }
  const t = cpu()
  await sleep(settle)
  report({
    kibPerConn: +((at[N].rss - at[0].rss) / N).toFixed(1),
    kibPerConnAnon: +((at[N].anon - at[0].anon) / N).toFixed(1),
    kibPerConnSecondHalf: +(((at[N].rss - at[N / 2].rss) * 2) / N).toFixed(1),
    rssMiBBefore: +(at[0].rss / 1024).toFixed(1),
    rssMiBAfter: +(at[N].rss / 1024).toFixed(1),
    ...span(t, cpu()),
  })
}

async function users() {
  const t = performance.now()
  await each(N, 8, (i) => new Client(port, user(i)).register())
  await (await new Client(port, user(N - 1)).login()).close()
  report({ users: N, seconds: +((performance.now() - t) / 1e3).toFixed(1) })
}

await { users, idle, muc, pm: () => pm(false), rate: () => pm(true) }[mode]()
process.exit(0)
