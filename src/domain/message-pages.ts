import type { SelectQueryBuilder } from 'kysely'
import type { Tables } from '../storage/index.ts'
import type { MessageRow } from './message-rows.ts'
import type { Page, PageSource } from './pagination.ts'

/**
 * The messages that a query finds, as pages are read of them: by their ids, or by their dates where the page names one
 * and no id. https://core.telegram.org/api/offsets
 * @param all makes the query, whole rows and in no order yet
 */
export function messagePages(
  all: () => SelectQueryBuilder<Tables, 'message', MessageRow>,
  { offsetId, offsetDate = 0 }: Page,
): PageSource<MessageRow> {
  const date = offsetId > 0 ? 0 : offsetDate
  return {
    older: (skip, limit) =>
      all()
        .$if(offsetId > 0, (q) => q.where('id', '<', offsetId))
        .$if(date > 0, (q) => q.where('date', '<', date))
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(skip)
        .execute(),
    newer: (skip, limit) =>
      all()
        .$if(offsetId > 0, (q) => q.where('id', '>=', offsetId))
        .$if(date > 0, (q) => q.where('date', '>=', date))
        .orderBy('id')
        .limit(limit)
        .offset(skip)
        .execute(),
  }
}
