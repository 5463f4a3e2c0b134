import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { MtClient } from './test-client.ts'
import { echo, type TestServer, testServer } from './test-server.ts'

const GREEDY = 64
const QUIET = 16

function request(bytes: number): Buffer {
  const body = randomBytes(bytes)
  body.writeUInt32LE(0x0badf00d, 0)
  return body
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

function busy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** Requests of 64 bytes keep the thread busy for so long; others take so many turns of the event loop. */
function costs(server: TestServer, ms: number, turns: number): { begun: number; during: number[] } {
  const seen = { begun: 0, during: [] as number[] }
  server.onRequest = async (_, { body }) => {
    if (body.length === GREEDY) {
      seen.begun++
      busy(ms)
    } else {
      const before = seen.begun
      for (let i = 0; i < turns; i++) await turn()
      seen.during.push(seen.begun - before)
    }
    return echo(body)
  }
  return seen
}

function askAll(client: MtClient, count: number): Promise<Buffer[]> {
  const list = Array.from({ length: count }, () => ({ body: request(GREEDY), msgId: client.nextId() }))
  const answers = Promise.all(list.map(({ msgId }) => client.answerTo(msgId)))
  client.sendContainer(list)
  return answers
}

test('a session that asks a lot at once begins some in a turn, and others have theirs in between; the order stays', async () => {
  await using server = await testServer({ perTurn: 3 })
  const [many, one] = [await server.client(), await server.client()]
  await many.invoke(request(QUIET))
  await one.invoke(request(QUIET))
  server.requests.length = 0
  const bodies = Array.from({ length: 30 }, () => request(32))
  const answers = bodies
    .map(() => many.nextId())
    .map((msgId, i) => ({ msgId, body: bodies[i]!, answer: many.answerTo(msgId) }))
  many.sendContainer(answers.map(({ msgId, body }) => ({ msgId, body })))
  const own = request(QUIET)
  await one.invoke(own)
  assert.deepEqual(await Promise.all(answers.map(({ answer }) => answer)), bodies)
  const order = server.requests.filter((r) => r.body.length === 32).map((r) => r.body.toString('hex'))
  assert.deepEqual(
    order,
    bodies.map((body) => body.toString('hex')),
  )
})

/** Till a session has been found to be greedy, and goes on. */
async function goesOn(seen: { begun: number }): Promise<void> {
  const before = seen.begun
  while (seen.begun < before + 30) await turn()
}

test('what a greedy session asks is begun one by one, and not while others have something under way', async () => {
  await using server = await testServer()
  const [many, one] = [await server.client(), await server.client()]
  await many.invoke(request(QUIET))
  await one.invoke(request(QUIET))
  const seen = costs(server, 2, 12)
  let open = true
  const greedy = askAll(many, 1000).then(() => {
    open = false
  })
  await goesOn(seen)
  for (let i = 0; i < 10; i++) await one.invoke(request(QUIET))
  assert.ok(open, 'the greedy session was not done')
  // Each takes 12 turns of the event loop. On a busy machine those may take longer than anybody has to wait.
  const most = seen.during.sort((a, b) => a - b)[5]
  assert.ok(most! <= 1, `${most} begun meanwhile`)
  await goesOn(seen)
  many.close()
  await Promise.race([greedy, many.gone()])
})

test('a greedy session goes on while others always have something under way', async () => {
  await using server = await testServer()
  const [many, one, other] = [await server.client(), await server.client(), await server.client()]
  for (const client of [many, one, other]) await client.invoke(request(QUIET))
  const seen = costs(server, 2, 50)
  const greedy = askAll(many, 1000)
  await goesOn(seen)
  let over = false
  const asks = async (client: MtClient) => {
    while (!over) await client.invoke(request(QUIET))
  }
  const asking = [asks(one), asks(other)]
  await goesOn(seen)
  over = true
  await Promise.all(asking)
  many.close()
  await Promise.race([greedy, many.gone()])
})

test('so does it while a request of another waits for something else', async () => {
  await using server = await testServer()
  const [many, one] = [await server.client(), await server.client()]
  await many.invoke(request(QUIET))
  await one.invoke(request(QUIET))
  costs(server, 2, 0)
  const { onRequest } = server
  const hangs = Promise.withResolvers<void>()
  server.onRequest = async (session, asked) => {
    if (asked.body.length === QUIET) await hangs.promise
    return onRequest(session, asked)
  }
  let hung = true
  const hanging = one.invoke(request(QUIET)).then(() => {
    hung = false
  })
  await askAll(many, 300)
  assert.ok(hung, 'the greedy session waited for it')
  hangs.resolve()
  await hanging
})

test('several greedy sessions take turns', async () => {
  await using server = await testServer()
  const [first, second] = [await server.client(), await server.client()]
  await first.invoke(request(QUIET))
  await second.invoke(request(QUIET))
  costs(server, 2, 0)
  const order: string[] = []
  const { onRequest } = server
  server.onRequest = (session, asked) => {
    order.push(String(session.id))
    return onRequest(session, asked)
  }
  await Promise.all([askAll(first, 60), askAll(second, 60)])
  // From where both wait as greedy ones to where the first of them is done.
  const shared = order.slice(40, 100)
  const changes = shared.filter((id, i) => i > 0 && id !== shared[i - 1]).length
  assert.ok(changes >= 50, `${changes} changes of 59`)
})

test('time that a session has used is forgiven', async () => {
  await using server = await testServer({ perTurn: 100 })
  const client = await server.client()
  await client.invoke(request(QUIET))
  costs(server, 30, 0)
  await askAll(client, 1)
  let now = 0
  let counting = true
  const count = () => {
    now++
    if (counting) setImmediate(count)
  }
  count()
  // In how many turns of the event loop 50 requests of one frame are begun: some, and later but one.
  const inTurns = async () => {
    const turns = new Set<number>()
    server.onRequest = (_, { body }) => {
      turns.add(now)
      return echo(body)
    }
    await askAll(client, 50)
    return turns.size
  }
  while ((await inTurns()) > 1) await new Promise((resolve) => setTimeout(resolve, 100))
  counting = false
})
