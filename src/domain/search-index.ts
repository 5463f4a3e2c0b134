import type { Ctx, Tx } from '../rpc/context.ts'
import { schedule } from '../rpc/jobs.ts'
import { query } from '../storage/index.ts'
import { plainOfRich, readObject } from '../tl/index.ts'
import type { MessageRow } from './message-rows.ts'
import type { Carried } from './message-view.ts'

/** The table that storage keeps the words of messages in. */
export const MESSAGE_TEXT = 'message_text'

/** Messages put into the index in one transaction. */
const BATCH = 500
/** Batches one search waits for; what is left is for the background. */
const BATCHES = 20

const indexedTo = query<{ owner: number }>()((db, p) =>
  db.selectFrom('message_indexed').select('max_id').where('owner', '=', p.owner),
)
/** Locks the row, so that what is indexed here and what is edited or deleted beside it cannot miss each other. */
const lockIndexed = query<{ owner: number }>()((db, p) =>
  db
    .updateTable('message_indexed')
    .set((eb) => ({ max_id: eb.ref('max_id') }))
    .where('owner', '=', p.owner)
    .returning('max_id'),
)
const advance = query<{ owner: number; to: number }>()((db, p) =>
  db
    .insertInto('message_indexed')
    .values({ owner: p.owner, max_id: p.to })
    .onConflict((c) => c.column('owner').doUpdateSet({ max_id: p.to })),
)
const unindexed = query<{ owner: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['owner', 'id', 'peer', 'from_id', 'text', 'media'])
    .where('owner', '=', p.owner)
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(p.limit),
)
const newest = query<{ owner: number }>()((db, p) =>
  db.selectFrom('box').select('message_id').where('owner', '=', p.owner),
)

/** What a message is found by: its text, and the names that its media brings along. */
export function searchText(row: Pick<MessageRow, 'text' | 'media'>): string {
  if (!row.media) return row.text
  const words = [row.text, ...mediaTexts(readObject(row.media) as Carried)]
  return words.filter((w) => w).join(' ')
}

function mediaTexts(media: Carried): (string | undefined)[] {
  switch (media._) {
    case 'richMessage':
      return [plainOfRich(media)]
    case 'messageMediaContact':
      return [media.firstName, media.lastName, media.phoneNumber]
    case 'messageMediaVenue':
      return [media.title, media.address]
    case 'messageMediaPoll':
      return [media.poll.question.text]
    case 'messageMediaDocument':
      if (media.document?._ !== 'document') return []
      return media.document.attributes.flatMap((a) => {
        if (a._ === 'documentAttributeFilename') return [a.fileName]
        return a._ === 'documentAttributeAudio' ? [a.performer, a.title] : []
      })
    default:
      return []
  }
}

/**
 * Brings an account's index up to its newest message, so that sending need not. Bounded: what a long history leaves
 * goes on in the background.
 * @returns whether everything is in it
 */
export async function catchUp(ctx: Ctx, owner: number): Promise<boolean> {
  const [state] = await ctx.run(indexedTo, { owner })
  const [box] = await ctx.run(newest, { owner })
  if (!box || state?.max_id === box.message_id) return true
  for (let i = 0; i < BATCHES; i++) if (await ctx.transact((tx) => indexBatch(tx, owner))) return true
  await ctx.transact((tx) =>
    schedule(tx, { id: `messages.index:${owner}`, kind: 'messages.index', owner, dueAt: tx.now }),
  )
  return false
}

/** Boxes among these whose newest messages are not in the index yet. */
const behind = query<{ owners: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('box as b')
    .leftJoin('message_indexed as i', 'i.owner', 'b.owner')
    .select('b.owner')
    .where('b.owner', 'in', d.each(p.owners) as never)
    .where((eb) => eb(eb.fn.coalesce('i.max_id', eb.lit(0)), '<', eb.ref('b.message_id'))),
)

/**
 * Brings the indexes of several boxes up to their newest messages: at once those of so many, in the order given; the
 * others in the background.
 * @returns whether everything is in them
 */
export async function catchUpAll(ctx: Ctx, owners: readonly number[], atOnce: number): Promise<boolean> {
  if (owners.length === 0) return true
  const late = new Set((await ctx.run(behind, { owners })).map((row) => row.owner))
  const waiting = owners.filter((owner) => late.has(owner))
  let whole = waiting.length <= atOnce
  for (const owner of waiting.slice(0, atOnce)) if (!(await catchUp(ctx, owner))) whole = false
  const later = waiting.slice(atOnce)
  if (later.length > 0) {
    await ctx.transact(async (tx) => {
      for (const owner of later) {
        await schedule(tx, { id: `messages.index:${owner}`, kind: 'messages.index', owner, dueAt: tx.now })
      }
    })
  }
  return whole
}

/** The job that goes on with an account's index. */
export async function indexOn(ctx: Ctx, owner: number): Promise<void> {
  for (let i = 0; i < BATCHES; i++) if (await ctx.transact((tx) => indexBatch(tx, owner))) return
  await catchUp(ctx, owner)
}

/** Indexes some messages more. Returns true when there are no more. */
async function indexBatch(tx: Tx, owner: number): Promise<boolean> {
  await tx.trx
    .insertInto('message_indexed')
    .values({ owner, max_id: 0 })
    .onConflict((c) => c.column('owner').doNothing())
    .execute()
  const [state] = await tx.run(lockIndexed, { owner })
  const [box] = await tx.run(newest, { owner })
  const rows = await tx.run(unindexed, { owner, after: state!.max_id, limit: BATCH })
  const { d } = tx.app.store
  for (const row of rows) {
    const { peer, id, from_id: from } = row
    await d.indexText(tx.trx, MESSAGE_TEXT, { owner, peer, id, from, text: searchText(row) })
  }
  const done = rows.length < BATCH
  // Messages that come meanwhile have greater ids than the box had when it was read.
  const to = done ? Math.max(box!.message_id, state!.max_id) : rows.at(-1)!.id
  await tx.run(advance, { owner, to })
  return done
}

/** Puts an edited message into the index anew, where it is in already. */
export async function reindex(tx: Tx, row: MessageRow): Promise<void> {
  const [state] = await tx.run(lockIndexed, { owner: row.owner })
  if (!state || row.id > state.max_id) return
  const { owner, peer, id, from_id: from } = row
  await tx.app.store.d.indexText(tx.trx, MESSAGE_TEXT, { owner, peer, id, from, text: searchText(row) })
}

/** Takes deleted messages out of the index. */
export async function unindex(tx: Tx, owner: number, ids: readonly number[]): Promise<void> {
  const [state] = await tx.run(lockIndexed, { owner })
  if (!state) return
  const gone = ids.filter((id) => id <= state.max_id)
  if (gone.length > 0) await tx.app.store.d.unindexText(tx.trx, MESSAGE_TEXT, owner, gone)
}
