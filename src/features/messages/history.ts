import { type Kysely, sql } from 'kysely'
import { boxOf, firstVisible, type PeerRef } from '../../domain/access.ts'
import { idAtDate } from '../../domain/message-dates.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { topicSource } from '../../domain/topic-history.ts'
import type { Ctx } from '../../rpc/context.ts'
import { type Dialect, query, type Tables } from '../../storage/index.ts'

/** Greater than every id and every date. */
const END = 2 ** 31

interface At {
  owner: number
  peer: number
  skip: number
  limit: number
}

/**
 * Messages of one dialog: few of an account's, which are found by the index of dialogs; all of a channel's, which lie
 * in their order.
 */
const inDialog = (db: Kysely<Tables>, p: At, d: Dialect, whose: 'account' | 'channel') => {
  const own = db.selectFrom('message').selectAll().where('owner', '=', p.owner)
  const page = whose === 'channel' ? own.where('peer', '=', p.peer) : own.where(d.rarely(sql`peer = ${p.peer}`))
  return page.limit(p.limit).offset(p.skip)
}
const pages = (whose: 'account' | 'channel') => ({
  olderThan: query<At & { id: number }>()((db, p, d) =>
    inDialog(db, p, d, whose).where('id', '<', p.id).orderBy('id', 'desc'),
  ),
  newerThan: query<At & { id: number }>()((db, p, d) =>
    inDialog(db, p, d, whose).where('id', '>=', p.id).orderBy('id'),
  ),
})
const ofAccount = pages('account')
const ofChannel = pages('channel')

/** The caller's messages of one dialog, as pages are read of them. */
export function historySource(ctx: Ctx, at: PeerRef, page: Page): PageSource<MessageRow> {
  const source = wholeSource(ctx, at, page)
  if (at.kind !== 'channel') return source
  if (at.topic !== undefined) return topicSource(ctx, at.peer, at.topic, page)
  // What was said before they came may be hidden from members.
  const first = firstVisible(at)
  const visible = (rows: MessageRow[]) => (first > 1 ? rows.filter((row) => row.id >= first) : rows)
  return {
    older: async (skip, limit) => visible(await source.older(skip, limit)),
    newer: async (skip, limit) => visible(await source.newer(skip, limit)),
  }
}

function wholeSource(ctx: Ctx, at: PeerRef, page: Page): PageSource<MessageRow> {
  const owner = boxOf(ctx, at)
  const { peer } = at
  const { olderThan, newerThan } = at.kind === 'channel' ? ofChannel : ofAccount
  const date = page.offsetDate ?? 0
  if (page.offsetId <= 0 && date > 0) {
    const first = idAtDate(ctx, owner, peer, date)
    return {
      older: async (skip, limit) => ctx.run(olderThan, { owner, peer, id: await first, skip, limit }),
      newer: async (skip, limit) => ctx.run(newerThan, { owner, peer, id: await first, skip, limit }),
    }
  }
  const id = page.offsetId > 0 ? page.offsetId : END
  return {
    older: (skip, limit) => ctx.run(olderThan, { owner, peer, id, skip, limit }),
    newer: (skip, limit) => ctx.run(newerThan, { owner, peer, id, skip, limit }),
  }
}
