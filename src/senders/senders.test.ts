import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { createLog } from '../log.ts'
import { createSenders } from './index.ts'
import { hookSms } from './sms.ts'

const quiet = createLog('silent')

interface Letter {
  from: string
  to: string[]
  user: string | undefined
  source: string
}

/** A real SMTP server that keeps what it takes. */
async function mailbox(options: { refuse?: boolean } = {}) {
  const letters: Letter[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: false,
    allowInsecureAuth: true,
    onAuth(auth, _session, done) {
      if (auth.username === 'chappe' && auth.password === 'p@ss') done(null, { user: auth.username })
      else done(new Error('wrong password'))
    },
    onData(stream, session, done) {
      let source = ''
      stream.setEncoding('utf8').on('data', (part: string) => {
        source += part
      })
      stream.on('end', () => {
        if (options.refuse) return done(new Error('mailbox full'))
        const { mailFrom, rcptTo } = session.envelope
        letters.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((r) => r.address),
          user: session.user,
          source,
        })
        done()
      })
    },
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.server.address() as AddressInfo
  return {
    letters,
    url: (password = 'p%40ss') => `smtp://chappe:${password}@127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(done)),
  }
}

describe('mail', () => {
  test('reaches the mail server with sender, recipient, subject and text', async () => {
    await using box = await mailbox()
    const senders = createSenders({ smtp: box.url(), mailFrom: 'Chappe <codes@example.org>' }, quiet)
    await senders.mail('alice@example.org', 'Your code', 'Your code is 12345.')
    await senders.mail('bob@example.org', 'Code für dich', 'Dein Code: 54321')
    senders.close()
    assert.equal(box.letters.length, 2)
    const [letter, second] = box.letters
    assert.equal(letter!.from, 'codes@example.org')
    assert.deepEqual(letter!.to, ['alice@example.org'])
    assert.equal(letter!.user, 'chappe')
    assert.match(letter!.source, /^Subject: Your code\r$/m)
    assert.match(letter!.source, /^From: Chappe <codes@example\.org>\r$/m)
    assert.match(letter!.source, /Your code is 12345\./)
    assert.match(second!.source, /^Subject: =\?UTF-8\?/m)
  })

  test('an address cannot add recipients or headers', async () => {
    await using box = await mailbox()
    const senders = createSenders({ smtp: box.url(), mailFrom: 'codes@example.org' }, quiet)
    await senders.mail('alice@example.org, eve@example.org', 'a', 'b').catch(() => {})
    await senders.mail('alice@example.org\r\nBcc: eve@example.org', 'a\r\nBcc: eve@example.org', 'b').catch(() => {})
    senders.close()
    for (const letter of box.letters) {
      assert.ok(!letter.to.includes('eve@example.org'), letter.to.join())
      assert.ok(letter.to.length <= 1)
      assert.doesNotMatch(letter.source, /^Bcc:/im)
    }
  })

  test('a refused letter or a wrong password is an error for the caller', async () => {
    await using box = await mailbox({ refuse: true })
    const refused = createSenders({ smtp: box.url(), mailFrom: 'codes@example.org' }, quiet)
    await assert.rejects(refused.mail('alice@example.org', 'a', 'b'), /mailbox full/)
    refused.close()
    const wrong = createSenders({ smtp: box.url('nope'), mailFrom: 'codes@example.org' }, quiet)
    await assert.rejects(wrong.mail('alice@example.org', 'a', 'b'), /wrong password/)
    wrong.close()
  })

  test('without a mail server the code is in the log', async () => {
    const lines: string[] = []
    const senders = createSenders(
      { mailFrom: 'codes@example.org' },
      createLog('info', { to: { write: (line) => lines.push(line) } }),
    )
    await senders.mail('alice@example.org', 'Your code', 'Your code is 12345.')
    await senders.sms('+491701234567', 'Code 54321', '54321')
    assert.match(lines[0]!, /alice@example\.org.*12345/)
    assert.match(lines[1]!, /\+491701234567.*54321/)
  })
})

describe('text messages', () => {
  async function gateway(answer: (url: string) => { status: number; headers?: Record<string, string> } | undefined) {
    const taken: unknown[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      request.on('end', () => {
        taken.push({ method: request.method, type: request.headers['content-type'], body: JSON.parse(body || 'null') })
        const reply = answer(request.url ?? '')
        if (reply) response.writeHead(reply.status, reply.headers).end('ok')
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    return {
      taken,
      url: `http://127.0.0.1:${port}/send`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise((done) => server.close(done))
      },
    }
  }

  test('reach the hook as JSON', async () => {
    await using hook = await gateway(() => ({ status: 202 }))
    const senders = createSenders({ smsHook: hook.url, mailFrom: 'codes@example.org' }, quiet)
    await senders.sms('+491701234567', 'Your code: 12345', '12345')
    assert.deepEqual(hook.taken, [
      {
        method: 'POST',
        type: 'application/json',
        body: { phone: '+491701234567', code: '12345', text: 'Your code: 12345' },
      },
    ])
  })

  test('a refusal, a redirect and silence are errors', async () => {
    await using refusing = await gateway(() => ({ status: 500 }))
    await assert.rejects(hookSms(refusing.url)('+1', 'text', '1'), /answered 500/)
    await using elsewhere = await gateway(() => ({ status: 307, headers: { location: refusing.url } }))
    await assert.rejects(hookSms(elsewhere.url)('+1', 'text', '1'))
    assert.equal(refusing.taken.length, 1)
    await using silent = await gateway(() => undefined)
    await assert.rejects(hookSms(silent.url, 50)('+1', 'text', '1'), { name: 'TimeoutError' })
  })
})
