import { boxOf, firstVisible, type PeerRef } from '../../domain/access.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { topicSource } from '../../domain/topic-history.ts'
import type { Ctx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'

/** Greater than every id and every date. */
const END = 2 ** 31

const olderThan = query<{ owner: number; peer: number; id: number; skip: number; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('id', '<', p.id)
    .orderBy('id', 'desc')
    .limit(p.limit)
    .offset(p.skip),
)
const newerThan = query<{ owner: number; peer: number; id: number; skip: number; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('id', '>=', p.id)
    .orderBy('id')
    .limit(p.limit)
    .offset(p.skip),
)
const olderThanDate = query<{ owner: number; peer: number; date: number; skip: number; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('date', '<', p.date)
    .orderBy('id', 'desc')
    .limit(p.limit)
    .offset(p.skip),
)
const newerThanDate = query<{ owner: number; peer: number; date: number; skip: number; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('date', '>=', p.date)
    .orderBy('id')
    .limit(p.limit)
    .offset(p.skip),
)

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
  const date = page.offsetDate ?? 0
  if (page.offsetId <= 0 && date > 0) {
    return {
      older: (skip, limit) => ctx.run(olderThanDate, { owner, peer, date, skip, limit }),
      newer: (skip, limit) => ctx.run(newerThanDate, { owner, peer, date, skip, limit }),
    }
  }
  const id = page.offsetId > 0 ? page.offsetId : END
  return {
    older: (skip, limit) => ctx.run(olderThan, { owner, peer, id, skip, limit }),
    newer: (skip, limit) => ctx.run(newerThan, { owner, peer, id, skip, limit }),
  }
}
