import { query } from '../storage/index.ts'
import type { App } from './app.ts'
import { type Authorization, keyName } from './authorizations.ts'
import type { RpcSession } from './session.ts'

// What other nodes did, as the database has it.

/** How often who is in which channel is read again because somebody came or went meanwhile. */
const TRIES = 5
/** Boxes, accounts or keys asked for at once. */
const AT_ONCE = 1000

const positions = query<{ owners: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('box')
    .select(['owner', 'pos'])
    .where('owner', 'in', d.each(p.owners) as never),
)
const authorizations = query<{ ids: readonly string[] }>()((db, p, d) =>
  db
    .selectFrom('auth_key')
    .leftJoin('user', 'user.id', 'auth_key.user_id')
    .select(['auth_key.id', 'auth_key.user_id', 'password_pending_user', 'user.bot'])
    .where('auth_key.id', 'in', d.eachText(p.ids) as never),
)
const memberships = query<{ users: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_member')
    .select(['user_id', 'channel_id'])
    .where('user_id', 'in', d.each(p.users) as never)
    .where('state', '=', 0),
)
const CHANNEL_BASE = -1_000_000_000_000

/** Ends a key of which another node said, or the database shows, that it is no more. */
export function dropHere(app: App, id: string): void {
  app.authorizations.changedHere(id, 0)
  app.dropKeyHere(BigInt(`0x${id}`))
}

/** Brings what is in memory of these keys, and of the temporary ones bound to them, to what the database says. */
export async function vet(app: App, ids: readonly string[]): Promise<void> {
  const { authorizations: live, store } = app
  const before = new Map<Authorization, number>()
  const temporary: RpcSession[] = []
  for (const id of ids) {
    const auth = live.get(id)
    if (!auth) continue
    before.set(auth, auth.version)
    for (const session of auth.sessions) if (session.tempKey !== 0n) temporary.push(session)
  }
  const asked = new Set([...ids, ...temporary.map((session) => keyName(session.tempKey))])
  const rows = new Map((await store.run(authorizations, { ids: [...asked] })).map((row) => [row.id, row]))
  for (const session of temporary) {
    if (rows.has(keyName(session.tempKey))) continue
    live.detach(session)
    app.dropKeyHere(session.tempKey)
  }
  for (const [auth, version] of before) {
    // What changed here meanwhile is newer than what was read.
    if (live.get(auth.id) !== auth || auth.version !== version) continue
    const row = rows.get(auth.id)
    if (!row) dropHere(app, auth.id)
    else if ((row.user_id ?? 0) !== auth.userId) changeHands(app, auth, row.user_id ?? 0, row.bot === 1)
    if (row) auth.passwordPending = row.password_pending_user ?? 0
  }
}

function changeHands(app: App, auth: Authorization, userId: number, bot: boolean): void {
  const ended = userId === 0
  app.authorizations.changedHere(auth.id, userId, bot)
  if (ended) for (const { pipe } of [...auth.sessions]) pipe.close('signed out')
}

/** Looks up what nobody told, or what was told and got lost. `whole`: also who is in which channel. */
export async function lookUp(app: App, whole: boolean): Promise<void> {
  const { authorizations: live, hub, store } = app
  const ids = [...live.all()].map((auth) => auth.id)
  for (let i = 0; i < ids.length; i += AT_ONCE) await vet(app, ids.slice(i, i + AT_ONCE))
  if (whole) await refollow(app)
  const boxes = new Map(hub.standing())
  const owners = [...boxes.keys()]
  for (let i = 0; i < owners.length; i += AT_ONCE) {
    for (const { owner, pos } of await store.run(positions, { owners: owners.slice(i, i + AT_ONCE) })) {
      if (pos > boxes.get(owner)!) hub.wake(owner, pos)
    }
  }
}

async function refollow(app: App): Promise<void> {
  const { hub, store } = app
  const accounts = [...hub.accounts()]
  for (let i = 0; i < accounts.length; i += AT_ONCE) {
    const users = accounts.slice(i, i + AT_ONCE)
    for (let tries = 1; tries <= TRIES; tries++) {
      const { follows } = hub
      const rows = await store.run(memberships, { users })
      const owners = [...new Set(rows.map((row) => CHANNEL_BASE - row.channel_id))]
      const places = new Map<number, number>()
      for (let j = 0; j < owners.length; j += AT_ONCE) {
        const found = await store.run(positions, { owners: owners.slice(j, j + AT_ONCE) })
        for (const { owner, pos } of found) places.set(owner, pos)
      }
      // Somebody came or went meanwhile: what was read may be older.
      if (hub.follows !== follows) continue
      const of = new Map<number, Map<number, number>>(users.map((user) => [user, new Map()]))
      for (const { user_id, channel_id } of rows) {
        const owner = CHANNEL_BASE - channel_id
        of.get(user_id)?.set(owner, places.get(owner) ?? 0)
      }
      for (const [user, channels] of of) hub.refollow(user, channels)
      break
    }
  }
}
