import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { ChannelRef } from '../../domain/access.ts'
import { unlisted } from '../../domain/channel-members.ts'
import type { ChannelMemberRow } from '../../domain/channel-rows.ts'
import { STATE } from '../../domain/channel-rows.ts'
import { CHANNEL_BASE } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

type Members = SelectQueryBuilder<Tables & { m: Tables['channel_member'] }, 'm', object>

/** Accounts of one name that are looked up among the members, and members looked through for a common name. */
const NAMED = 1000
const SEARCHED = 2000
/** Members counted at most. */
const COUNTED = 1000

function members(ctx: Ctx, channel: ChannelRef): Members {
  return ctx.db.selectFrom('channel_member as m').where('m.channel_id', '=', channel.id) as Members
}

const present = (q: Members): Members => q.where('m.state', '=', STATE.in)
/** The same where few people are asked for: the plus keeps the index of all members out of it. */
const among = (q: Members): Members => q.where(sql<SqlBool>`+m.state = ${sql.lit(STATE.in)}`)
/** Those of these states who have less rights than others: few, who have an index. */
const restricted = (ctx: Ctx, channel: ChannelRef, q: Members, states: readonly number[]): Members =>
  q
    .where('m.user_id', 'in', (eb) =>
      eb
        .selectFrom('channel_member as x')
        .select('x.user_id')
        .where('x.channel_id', '=', channel.id)
        .where(ctx.app.store.d.rarely(sql<SqlBool>`x.state in (${sql.join(states.map((state) => sql.lit(state)))})`))
        .where('x.banned_rights', 'is not', null),
    )
    .where((eb) => eb.or([eb('m.banned_until', '=', 0), eb('m.banned_until', '>', ctx.now)]))

/** Words as names are compared with; none for what looks for nothing. */
function wordsOf(filter: tl.ChannelParticipantsFilter): string {
  const text = ('q' in filter ? filter.q : '') ?? ''
  return text
    .trim()
    .toLowerCase()
    .replace(/^@/, '')
    .replaceAll(/[\\%_]/g, '')
}

/** Whose name, username or title begins with the words looked for. */
function named(ctx: Ctx, words: string) {
  const begins = (name: RawBuilder<unknown>) => sql<SqlBool>`${name} >= ${words} and ${name} < ${`${words}\u{10ffff}`}`
  const { db } = ctx
  return db
    .selectFrom('user')
    .select('id')
    .where(begins(sql`lower(first_name)`))
    .unionAll(db.selectFrom('user').select('id').where(begins(sql`lower(last_name)`)))
    .unionAll(db.selectFrom('username').select('owner as id').where(begins(sql`name`)))
    .unionAll(
      db
        .selectFrom('channel')
        .select(sql<number>`${sql.lit(CHANNEL_BASE)} - id`.as('id'))
        .where(sql<SqlBool>`lower(title) like ${`${words}%`}`),
    )
}

/**
 * Those who are named so. Where few are, on all of the server, they are looked up among the members; where many are, so
 * many members are looked at, the newest first, that a page of them is found.
 */
async function narrowed(ctx: Ctx, channel: ChannelRef, filter: tl.ChannelParticipantsFilter): Promise<Members> {
  const words = wordsOf(filter)
  const q = filtered(ctx, channel, filter, present)
  if (words === '') return q
  const few = await ctx.db.selectFrom(named(ctx, words).limit(NAMED).as('n')).select('n.id').execute()
  const { d } = ctx.app.store
  if (few.length < NAMED) {
    return filtered(ctx, channel, filter, among).where('m.user_id', 'in', d.each(few.map((row) => row.id)))
  }
  const newest = await q
    .select('m.user_id')
    .orderBy('m.date', 'desc')
    .orderBy('m.user_id', 'desc')
    .limit(SEARCHED)
    .execute()
  return filtered(ctx, channel, filter, among)
    .where('m.user_id', 'in', d.each(newest.map((row) => row.user_id)))
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('user as u')
            .select('u.id')
            .whereRef('u.id', '=', 'm.user_id')
            .where((e) =>
              e.or([e(sql`lower(u.first_name)`, 'like', `${words}%`), e(sql`lower(u.last_name)`, 'like', `${words}%`)]),
            ),
        ),
        eb.exists(
          eb
            .selectFrom('username as n')
            .select('n.name')
            .whereRef('n.owner', '=', 'm.user_id')
            .where('n.name', 'like', `${words}%`),
        ),
        eb.exists(
          eb
            .selectFrom('channel as c')
            .select('c.id')
            .where('c.id', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - m.user_id`)
            .where(sql`lower(c.title)`, 'like', `${words}%`),
        ),
      ]),
    )
}

/** Whom a filter asks for. https://core.telegram.org/type/ChannelParticipantsFilter */
function filtered(
  ctx: Ctx,
  channel: ChannelRef,
  filter: tl.ChannelParticipantsFilter,
  state: (q: Members) => Members,
): Members {
  const all = members(ctx, channel)
  switch (filter._) {
    case 'channelParticipantsRecent':
      return present(all)
    case 'channelParticipantsAdmins':
      return present(all).where('m.role', '>', 0)
    case 'channelParticipantsKicked':
      return restricted(ctx, channel, all, [STATE.kicked])
    case 'channelParticipantsBanned':
      return restricted(ctx, channel, all, [STATE.in, STATE.left])
    case 'channelParticipantsBots':
      return among(all).where('m.user_id', 'in', (eb) =>
        eb.selectFrom('user as b').select('b.id').where('b.bot', '=', 1),
      )
    case 'channelParticipantsSearch':
    case 'channelParticipantsMentions':
      return state(all)
    case 'channelParticipantsContacts':
      return among(all).where('m.user_id', 'in', (eb) =>
        eb.selectFrom('contact as c').select('c.user_id').where('c.owner', '=', ctx.userId),
      )
  }
}

/** A page of a channel's participants, the newest first; administrators by what they may. */
export async function participantsPage(
  ctx: Ctx,
  channel: ChannelRef,
  filter: tl.ChannelParticipantsFilter,
  page: { offset: number; limit: number },
): Promise<{ rows: ChannelMemberRow[]; count: number }> {
  const hidden = await unlisted(ctx, channel)
  const query = (await narrowed(ctx, channel, filter)).$if(hidden.length > 0, (q) =>
    q.where('m.user_id', 'not in', hidden),
  )
  const rows = await query
    .selectAll()
    .$if(filter._ === 'channelParticipantsAdmins', (q) => q.orderBy('m.role', 'desc'))
    .orderBy('m.date', 'desc')
    .orderBy('m.user_id', 'desc')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  if (filter._ === 'channelParticipantsRecent') return { rows, count: channel.row.members - hidden.length }
  const { count } = await ctx.db
    .selectFrom(query.select('m.user_id').limit(COUNTED).as('found'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { rows, count }
}
