import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { codeOf, type OpenOptions, type Seen, type WireClient } from './client.ts'

/** Debian's python3 is the one that has its package python3-telethon. */
export const PYTHON = '/usr/bin/python3'

/** Whether Telethon is on this machine: it comes from the system's packages, not from npm. */
export function telethonInstalled(): boolean {
  return spawnSync(PYTHON, ['-c', 'import telethon']).status === 0
}

/** Telethon in a process of its own, told what to do in lines of JSON. */
export async function openTelethon(options: OpenOptions): Promise<WireClient> {
  const child = spawn(PYTHON, [join(import.meta.dirname, 'telethon-client.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<number, { resolve: (value: any) => void; reject: (error: Error) => void }>()
  const pushed: Seen[] = []
  let calls = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, value, error, push } = JSON.parse(line)
    if (push) return void pushed.push(push)
    const call = waiting.get(id)
    waiting.delete(id)
    if (error) call?.reject(new Error(error))
    else call?.resolve(value)
  })
  child.on('exit', () => {
    for (const call of waiting.values()) call.reject(new Error('telethon has ended'))
  })
  const ask = (op: string, ...args: unknown[]): Promise<any> =>
    new Promise((resolve, reject) => {
      waiting.set(++calls, { resolve, reject })
      child.stdin.write(`${JSON.stringify({ id: calls, op, args })}\n`)
    })
  const { target, phone, firstName, session } = options
  const id = await ask('open', target.host, target.port, target.publicPem, phone, codeOf(phone), firstName, session)
  return {
    library: 'telethon',
    id,
    pushed,
    know: (number, name) => ask('know', number, name),
    say: (peer, text) => ask('say', peer, text),
    edit: (peer, message, text) => ask('edit', peer, message, text),
    remove: (peer, ids) => ask('remove', peer, ids),
    read: (peer, maxId) => ask('read', peer, maxId),
    history: (peer, limit = 100) => ask('history', peer, limit),
    dialogs: () => ask('dialogs'),
    createGroup: (title, users) => ask('createGroup', title, users),
    sendFile: (peer, name, content) => ask('sendFile', peer, name, content.toString('base64')),
    download: async (peer, message) => Buffer.from(await ask('download', peer, message), 'base64'),
    isKnown: (peer) => ask('isKnown', peer),
    comment: (where, post, answered, text) => ask('comment', where, post, answered, text),
    async meet(where, message, user, text) {
      const { firstName: name, photo } = await ask('meet', where, message, user, text)
      return { firstName: name, photo: Buffer.from(photo, 'base64') }
    },
    session: () => ask('session'),
    async close() {
      await ask('close').catch(() => {})
      const gone = once(child, 'exit')
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
      await gone
      clearTimeout(timer)
    },
  }
}
