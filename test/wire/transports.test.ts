import { startTestServer, test } from '../harness/index.ts'
import { Clients, type Library, type Transport, targetOf, until } from './index.ts'

const WAYS: [Library, Transport][] = [
  ['telegram', 'abridged'],
  ['telegram', 'obfuscated'],
  ['telegram', 'full'],
  ['mtcute', 'intermediate'],
  ['mtcute', 'padded'],
  ['mtcute', 'obfuscated'],
  ['mtcute', 'websocket'],
  ['teleproto', 'abridged'],
]

test('every transport that a library has carries a conversation', async () => {
  await using server = await startTestServer({ online: true })
  await using clients = new Clients()
  const target = targetOf(server.server, ...server.nodes.slice(1))
  const hub = await clients.open('mtcute', { target, phone: '9996620000', firstName: 'Hub' })
  for (const [i, [library, transport]] of WAYS.entries()) {
    const phone = `999662010${i}`
    const client = await clients.open(library, { target, transport, phone, firstName: transport })
    await client.know('9996620000', 'Hub')
    await hub.know(phone, transport)
    await client.say(hub.id, `by ${transport} of ${library}`)
    await until(`${library} over ${transport}`, () =>
      hub.pushed.find((m) => m.text === `by ${transport} of ${library}`),
    )
    await hub.say(client.id, `to ${transport}`)
    await until(`${library} over ${transport} is pushed`, () => client.pushed.find((m) => m.text === `to ${transport}`))
  }
})
