import { setTimeout as sleep } from 'node:timers/promises'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { atRest } from './message-view.ts'

export type CallbackQueryRow = Selectable<Tables['callback_query']>

/** A bot may come back to a pressed button for so long, seconds. */
const KEPT = 900
/** How often it is looked whether the bot has answered, ms. */
const LOOKED = 50

const byId = query<{ id: number }>()((db, p) => db.selectFrom('callback_query').selectAll().where('id', '=', p.id))

/** Notes that somebody has pressed a button of a bot's; the bot is told by the caller. @returns the query's id */
export async function askBot(tx: Tx, asked: { bot: number; peer: number; messageId: number }): Promise<number> {
  await tx.trx
    .deleteFrom('callback_query')
    .where('date', '<', tx.now - KEPT)
    .execute()
  const id = Number(tx.app.random(8).readBigUInt64BE() >> 11n)
  const row = { bot: asked.bot, user_id: tx.userId, peer: asked.peer, message_id: asked.messageId, date: tx.now }
  await tx.trx
    .insertInto('callback_query')
    .values({ id, ...row })
    .execute()
  return id
}

/** A query that the calling bot was asked; QUERY_ID_INVALID for any other, and for old ones. */
export async function askedQuery(ctx: Ctx, id: bigint): Promise<CallbackQueryRow> {
  const [row] = id > 0n && id < 1n << 53n ? await ctx.run(byId, { id: Number(id) }) : []
  if (!row || row.bot !== ctx.userId || row.date + KEPT < ctx.now) throw new RpcError('QUERY_ID_INVALID')
  return row
}

/** Answers a query; the first answer counts. */
export async function answerQuery(tx: Tx, row: CallbackQueryRow, answer: tl.messages_botCallbackAnswer): Promise<void> {
  await tx.trx
    .updateTable('callback_query')
    .set({ answer: atRest(answer) })
    .where('id', '=', row.id)
    .where('answer', 'is', null)
    .execute()
}

/**
 * Waits for a bot's answer, whichever node the bot is connected to. BOT_RESPONSE_TIMEOUT.
 * https://core.telegram.org/method/messages.getBotCallbackAnswer
 */
export async function answerOf(ctx: Ctx, id: number): Promise<tl.messages_botCallbackAnswer> {
  const rounds = (ctx.app.config.limits.callbackSeconds * 1000) / LOOKED
  for (let round = 0; round < rounds; round++) {
    const [row] = await ctx.run(byId, { id })
    if (row?.answer) return readObject(row.answer) as tl.messages_botCallbackAnswer
    await sleep(LOOKED)
  }
  throw new RpcError('BOT_RESPONSE_TIMEOUT')
}
