import { sql } from 'kysely'

/**
 * So many unread messages of a channel are counted. Beyond, what lies between the last one read and the newest is taken
 * for unread, the member's own and deleted ones along with it: nobody sees the difference, and a member who has been
 * away for a million messages costs what any other does.
 */
export const UNREAD_COUNTED = 1000

/** `counted`, at most one more than UNREAD_COUNTED, or the estimate where there are more. */
export const unreadEstimate = (counted: number, channel: { top_message: number; messages: number }, read: number) =>
  counted <= UNREAD_COUNTED ? counted : Math.max(counted, Math.min(channel.top_message - read, channel.messages))

/** The same in SQL, for the channel `c` and the dialog `d`; `some` is a query of at most one more than are counted. */
export const unreadEstimateOf = (some: unknown) => {
  const n = sql`count(*)`
  const between = sql`case when c.top_message - d.read_inbox < c.messages then c.top_message - d.read_inbox else c.messages end`
  return sql<number>`(select case when ${n} <= ${sql.lit(UNREAD_COUNTED)} or c.monoforum = 1 then ${n} when ${n} < ${between} then ${between} else ${n} end from ${some} as unread_rows)`
}
