import { tellUser } from './domain/acquaintances.ts'
import {
  COLLECTIBLE_NAME,
  type CollectibleRow,
  grantUsername,
  putCollectible,
  revokeUsername,
} from './domain/collectibles.ts'
import { endPremium, givePremium, hasPremium } from './domain/premium.ts'
import { userByPhone, userRow } from './domain/user-rows.ts'
import { usernameRow } from './domain/usernames.ts'
import type { App } from './rpc/app.ts'
import { systemCtx } from './rpc/context.ts'

const DAY = 86_400

/** Unix seconds of a day (`2027-01-31`, its beginning in UTC) or of so many days from now (`30d`). */
function timeOf(text: string, now: number): number {
  const days = /^(\d{1,5})d$/.exec(text)
  if (days) return now + Number(days[1]) * DAY
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms)) throw new Error(`${text}: expected a day such as 2027-01-31, or days from now such as 30d`)
  return Math.floor(ms / 1000)
}

const dayOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)

/** Gives an account Premium, without end unless one is named, or takes it away (`off`). */
export async function grantPremium(app: App, user: number, until: string | undefined): Promise<string[]> {
  const ctx = systemCtx(app)
  if ((await userRow(ctx, user))?.bot === 1) throw new Error('Premium is for people, not for bots')
  if (until === 'off') {
    if (!(await hasPremium(ctx, user))) return [`account ${user} has no Premium`]
    await ctx.transact((tx) => endPremium(tx, user))
    return [`account ${user} has no Premium any more`]
  }
  const end = until === undefined ? 0 : timeOf(until, ctx.now)
  if (until !== undefined && end <= ctx.now) throw new Error(`${until} is over`)
  await ctx.transact((tx) => givePremium(tx, user, end))
  return [`account ${user} has Premium ${end === 0 ? 'without end' : `until ${dayOf(end)}`}`]
}

const TOPICS: Record<string, { bot_forum: number; bot_forum_users: number; text: string }> = {
  on: { bot_forum: 1, bot_forum_users: 0, text: 'has topics in its private chats, which it opens itself' },
  people: { bot_forum: 1, bot_forum_users: 1, text: 'has topics in its private chats, which people open, too' },
  off: { bot_forum: 0, bot_forum_users: 0, text: 'has no topics in its private chats' },
}

/** Lets a bot have topics in its private chats, or no more: what is set with @BotFather at Telegram. */
export async function grantTopics(app: App, user: number, word: string): Promise<string[]> {
  const ctx = systemCtx(app)
  if ((await userRow(ctx, user))?.bot !== 1) throw new Error('only the private chats of bots have topics')
  const wanted = Object.hasOwn(TOPICS, word) ? TOPICS[word] : undefined
  if (!wanted) throw new Error(`${word}: expected on, people or off`)
  const { text, ...set } = wanted
  await ctx.transact(async (tx) => {
    await tx.trx.updateTable('user').set(set).where('id', '=', user).execute()
    await tellUser(tx, user)
  })
  return [`bot ${user} ${text}`]
}

const PURCHASE_WORDS = ['date', 'price', 'currency', 'crypto-price', 'crypto', 'url'] as const
type Purchase = Partial<Record<(typeof PURCHASE_WORDS)[number], string>>

/** What `date=2026-05-01 price=14500 currency=USD crypto-price=1000000000 crypto=TON url=...` says of a purchase. */
function purchaseOf(words: readonly string[]): Purchase {
  const purchase: Purchase = {}
  for (const word of words) {
    const [, name, value] = /^([a-z-]+)=(.+)$/.exec(word) ?? []
    if (!name || !value || !(PURCHASE_WORDS as readonly string[]).includes(name)) {
      throw new Error(`${word}: expected one of ${PURCHASE_WORDS.map((one) => `${one}=...`).join(', ')}`)
    }
    purchase[name as keyof Purchase] = value
  }
  return purchase
}

function amountOf(text: string | undefined): number {
  if (text !== undefined && !/^\d{1,15}$/.test(text)) {
    throw new Error(`${text}: a price is a whole number of the currency's smallest unit`)
  }
  return Number(text ?? 0)
}

function recordOf(kind: 'username' | 'phone', name: string, words: readonly string[], now: number): CollectibleRow {
  const { date, price, currency = 'USD', crypto = 'TON', url, ...rest } = purchaseOf(words)
  if (!/^[A-Z]{3}$/.test(currency)) throw new Error(`${currency}: expected the three letters of a currency`)
  if (crypto.length > 16 || (url?.length ?? 0) > 256) throw new Error('that is too long')
  return {
    kind,
    name,
    purchase_date: date === undefined ? now : timeOf(date, now),
    currency,
    amount: amountOf(price),
    crypto_currency: crypto,
    crypto_amount: amountOf(rest['crypto-price']),
    url: url ?? (kind === 'username' ? `https://t.me/${name}` : `https://t.me/+${name}`),
  }
}

/**
 * Gives a username to an account or channel (marked id): its owner switches it on. Given again to the same owner, only
 * what is known of the purchase changes.
 */
export async function grantName(app: App, name: string, owner: number, words: readonly string[]): Promise<string[]> {
  const shown = name.replace(/^@/, '')
  if (!COLLECTIBLE_NAME.test(shown)) {
    throw new Error(`${name}: a username has 4 to 32 letters, digits and single underscores and begins with a letter`)
  }
  const ctx = systemCtx(app)
  await ctx.transact(async (tx) => {
    const held = await usernameRow(tx, shown)
    const same = held !== undefined && held.owner === owner && held.editable === 0
    if (!same && !(await grantUsername(tx, shown, owner))) throw new Error(`@${shown} is taken`)
    await putCollectible(tx, recordOf('username', shown.toLowerCase(), words, ctx.now))
  })
  return [`@${shown} belongs to ${owner}, who may switch it on`]
}

/** Takes a username back that was given by the operator. */
export async function revokeName(app: App, name: string): Promise<string[]> {
  const shown = name.replace(/^@/, '')
  const owner = await systemCtx(app).transact((tx) => revokeUsername(tx, shown))
  if (owner === undefined) throw new Error(`@${shown} was not given by the operator`)
  return [`@${shown} is nobody's any more, it was that of ${owner}`]
}

/** Notes that a number in use was bought. */
export async function notePhone(app: App, phone: string, words: readonly string[]): Promise<string[]> {
  const ctx = systemCtx(app)
  const user = await userByPhone(ctx, phone)
  if (!user) throw new Error(`+${phone}: nobody's number`)
  await ctx.transact((tx) => putCollectible(tx, recordOf('phone', phone, words, ctx.now)))
  return [`+${phone} of account ${user.id} is a collectible`]
}
