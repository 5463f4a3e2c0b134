import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { backup } from './backup.ts'
import { createAccount, tokenHash } from './domain/accounts.ts'
import { addAds, listAds, removeAd } from './domain/ads-operator.ts'
import { endAuthorizations } from './domain/authorizations.ts'
import { channelRow } from './domain/channel-rows.ts'
import { CODE_STATE, drawCode, reissueCode } from './domain/codes.ts'
import { grantFactChecking } from './domain/fact-checks.ts'
import { importLanguage, type LanguageFile } from './domain/languages.ts'
import { bareId } from './domain/peers.ts'
import { type ReportRow, reports } from './domain/reports.ts'
import { featureSet, listFeatured, unfeatureSet } from './domain/stickers/operator.ts'
import { usernameRow } from './domain/usernames.ts'
import { figures, usage } from './figures.ts'
import { grantName, grantPremium, grantTopics, notePhone, revokeName } from './grants.ts'
import type { App } from './rpc/app.ts'
import { type Ctx, systemCtx } from './rpc/context.ts'

/** One thing an operator may do with a server. Runs inside the server, which tells its clients. */
export interface Command {
  /** Its arguments as the help shows them; those in brackets may be missing. */
  args: string
  text: string
  /** Lines for the operator. @throws Error with a reason in plain words */
  run(app: App, args: string[]): Promise<string[]>
}

export const commands: Record<string, Command> = {
  'user list': {
    args: '',
    text: 'every account: id, phone, username, name, devices',
    run: listUsers,
  },
  'user create': {
    args: 'PHONE FIRSTNAME [LASTNAME]',
    text: 'make an account; it signs in with a code like any other',
    run: (app, [phone, first, last]) => createUser(app, phone!, first!, last ?? ''),
  },
  'user bot': {
    args: 'USERNAME NAME',
    text: 'make a bot and print its token',
    run: (app, [username, name]) => createBot(app, username!, name!),
  },
  'user code': {
    args: 'PHONE',
    text: 'a code for the sign-in that waits for one; the code sent before is worth nothing then',
    run: (app, [phone]) => newCode(app, phone!),
  },
  'user ban': {
    args: 'ID|PHONE|@USERNAME',
    text: 'sign an account out everywhere and let it in no more',
    run: (app, [who]) => setBanned(app, who!, true),
  },
  'user unban': {
    args: 'ID|PHONE|@USERNAME',
    text: 'let it in again',
    run: (app, [who]) => setBanned(app, who!, false),
  },
  'user premium': {
    args: 'ID|PHONE|@USERNAME [UNTIL|off]',
    text: 'give an account Premium, without end or until a day (2027-01-31) or for days (30d), or take it away',
    run: async (app, [who, until]) => grantPremium(app, (await find(systemCtx(app), who!)).id, until),
  },
  'user topics': {
    args: 'ID|@USERNAME on|people|off',
    text: 'let a bot have topics in its private chats, opened by itself alone (on) or by people, too, or no more',
    run: async (app, [who, word]) => grantTopics(app, (await find(systemCtx(app), who!)).id, word!),
  },
  'user factchecker': {
    args: 'ID|PHONE|@USERNAME [COUNTRY|all|off]',
    text: 'let an account say what is true of posts in channels, to everybody or in one country (two letters), or no more',
    run: async (app, [who, word = 'all']) => grantFactChecking(app, (await find(systemCtx(app), who!)).id, word),
  },
  'username grant': {
    args: 'NAME ID|PHONE|@USERNAME [date=DAY] [price=N] [currency=USD] [crypto-price=N] [crypto=TON] [url=URL]',
    text: 'give an account or channel one more username, as if it was bought; its owner switches it on',
    run: async (app, [name, who, ...words]) => grantName(app, name!, await findOwner(app, who!), words),
  },
  'username revoke': {
    args: 'NAME',
    text: 'take such a username back',
    run: (app, [name]) => revokeName(app, name!),
  },
  'phone collectible': {
    args: 'PHONE [date=DAY] [price=N] [currency=USD] [crypto-price=N] [crypto=TON] [url=URL]',
    text: 'note that the number of an account was bought',
    run: (app, [phone, ...words]) => notePhone(app, digits(phone!), words),
  },
  'ads add': {
    args: 'FILE',
    text: 'show what a JSON file says: one ad, or a list of them, in channels, with bots or in searches',
    run: (app, [file]) => addAds(app, file!),
  },
  'ads list': {
    args: '',
    text: 'the ads, and how often each was seen, followed and reported',
    run: listAds,
  },
  'ads remove': {
    args: 'ID',
    text: 'show one no more',
    run: (app, [id]) => removeAd(app, id!),
  },
  'stickers feature': {
    args: 'NAME',
    text: 'show a set of stickers or custom emoji to everybody, by its short name',
    run: (app, [name]) => featureSet(app, name!),
  },
  'stickers unfeature': {
    args: 'NAME',
    text: 'show one no more',
    run: (app, [name]) => unfeatureSet(app, name!),
  },
  'stickers featured': {
    args: '',
    text: 'the sets that are shown to everybody, and how many have installed each',
    run: listFeatured,
  },
  'langpack import': {
    args: 'FILE',
    text: 'a language for clients: JSON of pack, code, name, nativeName and strings',
    run: (app, [file]) => importLangPack(app, file!),
  },
  reports: {
    args: '',
    text: 'what accounts have reported: when, who, what kind, about whom, reason, ids, comment, text',
    run: listReports,
  },
  stats: {
    args: '',
    text: 'the server in figures: accounts, who is online, messages, files, work that waits, sizes',
    run: figures,
  },
  usage: {
    args: '',
    text: 'the posts that were on screens longest and the music that was listened to longest',
    run: usage,
  },
  backup: {
    args: 'DIR',
    text: 'copy database, files and keys into a new directory; the server may run',
    run: (app, [dir]) => backup(app, dir!),
  },
}

/** Clients expect so many digits of a code unless they were told another number. */
const CODE_DIGITS = 5

const digits = (phone: string) => phone.replace(/[\s()+-]/g, '')

function checkName(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 64) throw new Error('a name has between 1 and 64 characters')
  return trimmed
}

/** The account that the operator names: a number is a phone if somebody has it, else an id. */
async function find(ctx: Ctx, who: string) {
  const users = ctx.db.selectFrom('user').selectAll('user')
  const row = who.startsWith('@')
    ? await users
        .innerJoin('username', 'username.owner', 'user.id')
        .where('username.name', '=', who.slice(1).toLowerCase())
        .executeTakeFirst()
    : !/^\d{1,15}$/.test(digits(who))
      ? undefined
      : ((await users.where('phone', '=', digits(who)).executeTakeFirst()) ??
        (await users.where('id', '=', Number(digits(who))).executeTakeFirst()))
  if (!row) throw new Error(`${who}: no such account`)
  return row
}

/** The same, or a channel by its username or marked id (-1001234). */
async function findOwner(app: App, who: string): Promise<number> {
  const ctx = systemCtx(app)
  const marked = /^-100\d{1,15}$/.test(who) ? Number(who) : undefined
  const named = who.startsWith('@') ? await usernameRow(ctx, who.slice(1)) : undefined
  const owner = marked ?? named?.owner
  if (owner === undefined || owner > 0) return (await find(ctx, who)).id
  const channel = await channelRow(ctx, bareId(owner))
  if (!channel || channel.deleted === 1) throw new Error(`${who}: no such channel`)
  return owner
}

async function listUsers(app: App): Promise<string[]> {
  const { db } = app.store
  const lines: string[] = []
  // By parts, so that a large server is not read into memory at once for its first lines.
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('user')
      .select(['id', 'phone', 'username', 'first_name', 'last_name', 'bot', 'banned', 'deleted', 'premium'])
      .select((eb) =>
        eb
          .selectFrom('auth_key')
          .select((q) => q.fn.countAll<number>().as('n'))
          .whereRef('auth_key.user_id', '=', 'user.id')
          .as('devices'),
      )
      .where('id', '>', after)
      .orderBy('id')
      .limit(1000)
      .execute()
    for (const row of rows) {
      const marks = [row.bot && 'bot', row.banned && 'banned', row.deleted && 'deleted', row.premium && 'premium']
        .filter(Boolean)
        .join(' ')
      const name = `${row.first_name} ${row.last_name}`.trim().replace(/\p{Cc}/gu, ' ')
      const devices = `${row.devices} ${Number(row.devices) === 1 ? 'device' : 'devices'}`
      lines.push(
        [row.id, row.phone ? `+${row.phone}` : '-', row.username ? `@${row.username}` : '-', name, devices, marks].join(
          '\t',
        ),
      )
    }
    if (rows.length < 1000) break
    after = rows.at(-1)!.id
  }
  return lines.length > 0 ? lines : ['no accounts yet']
}

async function listReports(app: App): Promise<string[]> {
  const ctx = systemCtx(app)
  const lines: string[] = []
  const plain = (text: string) => text.replace(/\p{Cc}/gu, ' ')
  for (let last: ReportRow | undefined; ; ) {
    const rows = await reports(ctx, last, 1000)
    for (const row of rows) {
      const date = new Date(row.date * 1000).toISOString().slice(0, 19).replace('T', ' ')
      const what = [row.kind, row.peer, row.reason, row.ids, plain(row.comment), plain(row.excerpt)]
      lines.push([date, row.reporter, ...what].join('\t'))
    }
    last = rows.at(-1)
    if (rows.length < 1000) break
  }
  return lines.length > 0 ? lines : ['no reports']
}

async function createUser(app: App, phone: string, first: string, last: string): Promise<string[]> {
  const number = digits(phone)
  if (!/^[1-9]\d{4,14}$/.test(number)) throw new Error(`${phone}: not a phone number with its country code`)
  const names = { firstName: checkName(first), lastName: last.trim() === '' ? '' : checkName(last) }
  const id = await systemCtx(app).transact(async (tx) => {
    const taken = await tx.trx.selectFrom('user').select('id').where('phone', '=', number).executeTakeFirst()
    if (taken) throw new Error(`+${number} belongs to account ${taken.id}`)
    return createAccount(tx, { phone: number, ...names })
  })
  return [`account ${id} with +${number}`]
}

async function createBot(app: App, username: string, name: string): Promise<string[]> {
  const shown = username.replace(/^@/, '')
  if (!/^[a-z][a-z0-9_]{1,28}bot$/i.test(shown)) {
    throw new Error(`${username}: a bot's username has 5 to 32 letters, digits and underscores and ends with "bot"`)
  }
  const firstName = checkName(name)
  const secret = app.random(26).toString('base64url').slice(0, 35)
  const [id, token] = await systemCtx(app).transact(async (tx) => {
    const bot = await createAccount(tx, { phone: null, firstName, bot: true })
    const key = `${bot}:${secret}`
    const taken = await tx.trx
      .insertInto('username')
      .values({ name: shown.toLowerCase(), owner: bot, shown, active: 1, editable: 1, position: 0 })
      .onConflict((c) => c.column('name').doNothing())
      .returning('owner')
      .executeTakeFirst()
    if (!taken) throw new Error(`@${shown} is taken`)
    const values = { username: shown, bot_token: tokenHash(tx, key) }
    await tx.trx.updateTable('user').set(values).where('id', '=', bot).execute()
    return [bot, key] as const
  })
  return [`bot ${id} @${shown}`, `token ${token}`, 'the token is not shown again']
}

/** Codes are kept as hashes, so that the operator gets a new one instead of the one that was sent. */
async function newCode(app: App, phone: string): Promise<string[]> {
  const number = digits(phone)
  return systemCtx(app).transact(async (tx) => {
    const row = await tx.trx
      .selectFrom('code')
      .selectAll()
      .where('target', '=', number)
      .where('purpose', '=', 'login')
      .where('state', '=', CODE_STATE.live)
      .where('expires_at', '>', tx.now)
      .orderBy('sent_at', 'desc')
      .executeTakeFirst()
    if (!row) throw new Error(`nobody signs in with +${number} at the moment`)
    const code = drawCode(tx, CODE_DIGITS)
    await reissueCode(tx, row, row.way, code)
    return [`code ${code} for +${number}`]
  })
}

/** A banned account is signed out on every device; what it wrote stays. */
async function setBanned(app: App, who: string, banned: boolean): Promise<string[]> {
  const ctx = systemCtx(app)
  const user = await find(ctx, who)
  if (user.banned === (banned ? 1 : 0)) return [`account ${user.id} ${banned ? 'is banned already' : 'is not banned'}`]
  const keys = await ctx.transact(async (tx) => {
    await tx.trx
      .updateTable('user')
      .set({ banned: banned ? 1 : 0 })
      .where('id', '=', user.id)
      .execute()
    return banned ? endAuthorizations(tx, user.id) : []
  })
  return [`account ${user.id} ${banned ? `banned, ${keys.length} devices signed out` : 'may sign in again'}`]
}

/** A file of `langpack import`; a text with plural forms is an object of them (`one`, `few`, `other` ...). */
const languageFile = z.strictObject({
  pack: z.string().regex(/^[a-z0-9_-]{1,32}$/),
  code: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/),
  name: z.string().min(1).max(64),
  nativeName: z.string().min(1).max(64),
  baseCode: z.string().max(64).optional(),
  pluralCode: z.string().max(64).optional(),
  rtl: z.boolean().optional(),
  strings: z.record(
    z.string().min(1).max(256),
    z.union([
      z.string().max(16_384),
      z.partialRecord(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), z.string().max(16_384)),
    ]),
  ),
})

async function importLangPack(app: App, path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Error(`${path}: not JSON`)
  }
  const read = languageFile.safeParse(json)
  if (!read.success) {
    const { path: where, message } = read.error.issues[0]!
    throw new Error(`${path}: ${[...where.map(String), message].join(': ')}`)
  }
  const { pack, code, ...file } = read.data
  const { version, changed } = await systemCtx(app).transact((tx) =>
    importLanguage(tx, pack, code, file as LanguageFile),
  )
  return [`${pack}/${code}: version ${version}, ${changed} strings changed`]
}

/** Runs a command by its name. @throws Error when there is none, or an argument is missing or too many */
export async function runCommand(app: App, name: string, args: string[]): Promise<string[]> {
  const command = Object.hasOwn(commands, name) ? commands[name]! : undefined
  if (!command) throw new Error(`${name}: unknown command (see chappe help)`)
  const words = command.args.split(' ').filter(Boolean)
  const needed = words.filter((word) => !word.startsWith('[')).length
  if (args.length < needed || args.length > words.length) throw new Error(`usage: chappe ${name} ${command.args}`)
  return command.run(app, args)
}
