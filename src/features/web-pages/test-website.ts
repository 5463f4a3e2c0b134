import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from '../../../test/harness/person.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A web server of the test's own; `hold` keeps its answers back until it is called. */
export async function website(pages: Record<string, (res: ServerResponse) => void>) {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push(req.url!)
    const page = pages[req.url!]
    if (page) return page(res)
    res.writeHead(404)
    res.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    asked,
    at: (path: string) => `http://127.0.0.1:${port}${path}`,
    hosts: new Set([`127.0.0.1:${port}`]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const html = (body: string) => (res: ServerResponse) => {
  res.writeHead(200, { 'content-type': 'text/html' })
  res.end(body)
}
export const bytes = (body: Buffer, type: string) => (res: ServerResponse) => {
  res.writeHead(200, { 'content-type': type })
  res.end(body)
}
/** The next updateWebPage that this account is pushed: pages are fetched in their own time. */
export async function pageUpdate(who: Pick<Person, 'updatesOf'>): Promise<tl.updateWebPage> {
  for (let i = 0; i < 250; i++) {
    const [found] = await who.updatesOf('updateWebPage')
    if (found) return found
    await sleep(20)
  }
  throw new Error('no updateWebPage')
}
