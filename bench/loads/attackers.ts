// Those whom the server must not mind, a process of its own: connections that send nothing, slow senders, key exchanges
// that go nowhere, and one signed-in client that asks as fast as it can.
import { randomBytes } from 'node:crypto'
import { createConnection, type Socket } from 'node:net'
import * as id from '../../src/mtproto/ids.ts'
import { MtClient } from '../../src/mtproto/test-client.ts'
import { factorise } from '../../src/mtproto/test-exchange.ts'
import { writeObject } from '../../src/tl/index.ts'
import { Reader } from '../../src/tl/reader.ts'
import { Writer } from '../../src/tl/writer.ts'
import { Client, greeting, LAYER } from '../client.ts'

export type Attack = 'silent' | 'slow' | 'exchanges' | 'greedy'

export interface Orders {
  attack: Attack
  port: number
  /** The RSA key's fingerprint, decimal. */
  fingerprint: string
  /** The authorization key of an account, hex. */
  key: string
}

const SILENT = 2000
const SLOW = 200
const EXCHANGES = 32
const GREEDY = 200

const connect = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })

const connections = async (port: number, count: number): Promise<Socket[]> => {
  const all: Socket[] = []
  for (let i = 0; i < count; i += 50) {
    all.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, () => connect(port)))))
  }
  for (const socket of all) socket.on('error', () => {})
  return all
}

/** A frame of 64 KiB is promised, and comes byte by byte. */
async function slow(port: number): Promise<void> {
  const sockets = await connections(port, SLOW)
  for (const socket of sockets) socket.write(Buffer.from('eeeeeeee00000100', 'hex'))
  setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(Buffer.of(7))
  }, 100)
}

/**
 * The exchange up to its second step with rubbish in it, again and again: who factorises first, which takes a while,
 * costs the server its private key.
 */
async function exchange(port: number, fingerprint: bigint, factorises: boolean): Promise<void> {
  for (;;) {
    try {
      const client = await MtClient.connect(port)
      const nonce = randomBytes(16)
      const w = new Writer(new Map(), 1024)
      w.int(id.REQ_PQ_MULTI)
      w.fixed(nonce, 16)
      const r = new Reader(new Map())
      r.reset(await client.askPlain(w.copy()))
      r.int()
      r.fixed(16)
      const serverNonce = Buffer.from(r.fixed(16))
      const pq = Buffer.from(r.bytes())
      const { p, q } = factorises ? factorise(pq) : { p: pq.subarray(0, 4), q: pq.subarray(4) }
      w.reset()
      w.int(id.REQ_DH_PARAMS)
      w.fixed(nonce, 16)
      w.fixed(serverNonce, 16)
      w.bytes(p)
      w.bytes(q)
      w.long(fingerprint)
      const rubbish = randomBytes(256)
      rubbish[0] = 0
      w.bytes(rubbish)
      await Promise.race([client.askPlain(w.copy()), client.gone()])
      client.close()
    } catch {
      // Refused: that is what it is for.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

async function greedy(port: number, key: string): Promise<void> {
  const client = await Client.connect(port, key)
  client.onUpdate = () => {}
  await client.first(greeting({ _: 'updates.getState' }))
  const body = writeObject(
    {
      _: 'messages.getDialogs',
      offsetDate: 0,
      offsetId: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      limit: 100,
      hash: 0n,
    } as any,
    LAYER,
  )
  const again = () => client.send(body, again)
  for (let i = 0; i < GREEDY; i++) again()
}

async function attack(orders: Orders): Promise<void> {
  const { port } = orders
  if (orders.attack === 'silent') await connections(port, SILENT)
  else if (orders.attack === 'slow') await slow(port)
  else if (orders.attack === 'greedy') await greedy(port, orders.key)
  else for (let i = 0; i < EXCHANGES; i++) void exchange(port, BigInt(orders.fingerprint), i % 2 === 0)
}

process.once('message', (orders) => {
  attack(orders as Orders).then(
    () => process.send!('ready'),
    (error: Error) => process.send!({ error: error.message }),
  )
})
process.once('disconnect', () => process.exit(0))
