import { randomBytes } from 'node:crypto'
import { startTestServer, type TestServer } from '../harness/index.ts'
import { Clients, type Library, targetOf, until, type WireClient } from './index.ts'
import type { Plain } from './plain.ts'

export const call = (who: WireClient, request: Plain): Promise<Plain> => who.invoke!(request)
export const randomId = (): bigint => randomBytes(8).readBigInt64LE()

/** One page of a list, from its newest on. */
export const PAGE = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: 0n }

/** Who acts, with which library, and who sees it with another one. */
export interface Scene {
  me: WireClient
  other: WireClient
  myPhone: string
  otherPhone: string
  server: TestServer
}

/** Libraries of layers 223, 198 and 229; who looks on has the next one. */
const ACTORS: readonly Library[] = ['mtcute', 'telegram', 'teleproto']

/** Plays a scene once with each library as the one that acts; all are on one server, each time with new accounts. */
export async function play(number: number, scene: (at: Scene) => Promise<void>): Promise<void> {
  await using server = await startTestServer({ online: true })
  for (const [i, library] of ACTORS.entries()) {
    await using clients = new Clients()
    const target = targetOf(server.server)
    const phone = (n: number) => `99966${2 + i}${String(number * 10 + n).padStart(4, '0')}`
    const me = await clients.open(library, { target, phone: phone(1), firstName: 'Me' })
    const other = await clients.open(ACTORS[(i + 1) % 3]!, { target, phone: phone(2), firstName: 'Other' })
    await me.know(phone(2), 'Other')
    await other.know(phone(1), 'Me')
    try {
      await scene({ me, other, myPhone: phone(1), otherPhone: phone(2), server })
    } catch (error) {
      throw new Error(`with ${library}: ${(error as Error).message}`, { cause: error })
    }
  }
}

/** The message that an answer brings. */
export function made(answer: Plain): Plain {
  const short = answer._ === 'updateShortSentMessage' ? answer : undefined
  const update = answer.updates?.find((u: Plain) =>
    /^update(NewChannelMessage|NewMessage|NewScheduledMessage)$/.test(u._),
  )
  const message = short ?? update?.message
  if (message === undefined) throw new Error(`no message in ${answer._}`)
  return message
}

export const listed = (who: WireClient, group: number): Promise<unknown> =>
  until('it is listed', async () => (await who.dialogs()).some((d) => d.peer === group))

/** Marked ids of channels are below it. */
export const CHANNELS = -1_000_000_000_000
/** A channel's marked id. */
export const idOf = (chat: Plain): number => CHANNELS - chat.id

/** Joins by a link; the chat is then among the client's dialogs. */
export async function join(who: WireClient, link: string, at: number): Promise<void> {
  await call(who, { _: 'messages.importChatInvite', hash: link.split('+')[1]! })
  await listed(who, at)
}
