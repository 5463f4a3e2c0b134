import { randomBytes } from 'node:crypto'
import { Client, greeting } from '../bench/client.ts'
import type * as tl from '../src/tl/gen/types.ts'
import { readObject } from '../src/tl/index.ts'
import { type TestServer, unpack } from './harness/index.ts'

/** Somebody on a socket: a whole key exchange, a sign-up, and calls through the codec. */
export class Caller {
  client: Client
  readonly id: number
  readonly phone: string
  /** Texts that were pushed, in the order in which they came. */
  readonly heard: string[] = []

  private constructor(client: Client, id: number, phone: string) {
    this.client = client
    this.id = id
    this.phone = phone
    this.#listen()
  }

  #listen(): void {
    this.client.onUpdate = (body) => {
      for (const update of unpack(readObject(body) as tl.Updates)) {
        if (update._ === 'updateShortMessage') this.heard.push(update.message)
        if (update._ === 'updateNewMessage') this.heard.push(update.message.message)
      }
    }
  }

  /** Another connection in the place of the one there was, with the same key. */
  async reconnect(server: TestServer): Promise<void> {
    this.client.close()
    this.client = await Client.connect(server.server.address.port, this.client.key.key.toString('hex'))
    this.#listen()
    await this.client.first(greeting({ _: 'updates.getState' }))
  }

  static async signUp(server: TestServer, phone: string): Promise<Caller> {
    const client = await Client.exchange(server.server.address.port, server.server.keys.rsa)
    const settings = { _: 'codeSettings' }
    const sent = await client.greet('auth.sendCode', { phoneNumber: phone, apiId: 1, apiHash: 'test', settings })
    const { phoneCodeHash } = sent as tl.auth_sentCode
    const named = { phoneNumber: phone, phoneCodeHash }
    await client.call('auth.signIn', { ...named, phoneCode: phone[5]!.repeat(5) })
    const made = await client.call('auth.signUp', { ...named, firstName: `Person ${phone.slice(-1)}`, lastName: '' })
    return new Caller(client, (made as { user: { id: number } }).user.id, phone)
  }

  /** Adds somebody by their phone number. */
  async know(other: Caller): Promise<tl.inputPeerUser> {
    const contact = { _: 'inputPhoneContact', clientId: 1n, phone: other.phone, firstName: 'Somebody', lastName: '' }
    const { users } = await this.client.call('contacts.importContacts', { contacts: [contact] })
    return { _: 'inputPeerUser', userId: other.id, accessHash: (users[0] as tl.user).accessHash! }
  }

  async say(peer: tl.InputPeer, message: string): Promise<void> {
    await this.client.call('messages.sendMessage', { peer, message, randomId: randomBytes(8).readBigInt64LE() })
  }

  /** Texts in one's box, by the difference from its beginning. */
  async difference(): Promise<string[]> {
    const texts: string[] = []
    let from = { pts: 1, qts: 0, date: 1 }
    for (;;) {
      const part = await this.client.call('updates.getDifference', from)
      if (part._ === 'updates.differenceEmpty' || part._ === 'updates.differenceTooLong') return texts
      for (const message of part.newMessages) if (message._ === 'message') texts.push(message.message)
      if (part._ === 'updates.difference') return texts
      const { pts, qts, date } = part.intermediateState
      from = { pts, qts, date }
    }
  }
}
