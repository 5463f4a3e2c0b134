// Smallest XMPP client that can load a server: plain TCP, SASL PLAIN, no TLS, no stream management.
import net from 'node:net'

export const DOMAIN = 'localhost'
const OPEN = `<stream:stream to='${DOMAIN}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`
const slab = Buffer.allocUnsafe(65536) // shared: libuv reads and calls back synchronously

export class Client {
  constructor(port, user) {
    this.user = user
    this.text = ''
    this.onData = (b) => {
      this.text += b.latin1Slice()
      this.check?.()
    }
    this.opened = new Promise((ok, fail) => {
      this.sock = net.connect(
        {
          port,
          host: '127.0.0.1',
          noDelay: true,
          onread: {
            buffer: slab,
            callback: (n) => {
              this.onData(slab.subarray(0, n))
              return true
            },
          },
        },
        ok,
      )
      this.sock.on('error', (e) => {
        this.fail?.(e)
        fail(e)
      })
      this.sock.on('close', () => this.fail?.(new Error(`${user}: closed; last: ${this.text.slice(-200)}`)))
    })
  }
  send(s) {
    this.sock.write(s)
  }
  // Sends, then waits until what came since matches `good`; rejects on `bad`.
  ask(s, good, bad = /<failure|<stream:error|type=['"]error/) {
    return new Promise((ok, fail) => {
      this.text = ''
      this.fail = fail
      this.check = () => {
        if (good.test(this.text)) {
          this.check = this.fail = null
          ok(this.text)
        } else if (bad.test(this.text)) {
          this.check = this.fail = null
          fail(new Error(this.text.slice(-300)))
        }
      }
      this.send(s)
    })
  }
  async register() {
    await this.opened
    await this.ask(OPEN, /<\/stream:features>/)
    await this.ask(
      `<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>${this.user}</username><password>pw</password></query></iq>`,
      /type=['"]result|<conflict/,
    )
    this.close()
  }
  async login() {
    await this.opened
    await this.ask(OPEN, /<\/stream:features>/)
    const plain = Buffer.from(`\0${this.user}\0pw`).toString('base64')
    await this.ask(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`, /<success/)
    await this.ask(OPEN, /<\/stream:features>/)
    await this.ask(
      `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>`,
      /<\/bind>/,
    )
    await this.ask('<presence/>', /<presence/) // the server echoes the initial presence
    return this
  }
  close() {
    this.sock.destroy()
  }
}

export const user = (i) => `u${i}`
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))

// Runs f(0..n-1), at most `width` at a time; results in order.
export async function each(n, width, f) {
  const out = new Array(n)
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < n) {
        const i = next++
        out[i] = await f(i)
      }
    }),
  )
  return out
}
