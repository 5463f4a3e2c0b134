import { type SelectQueryBuilder, sql } from 'kysely'
import type { ChannelRef } from '../../domain/access.ts'
import type { ChannelMemberRow } from '../../domain/channel-rows.ts'
import { STATE } from '../../domain/channel-rows.ts'
import { CHANNEL_BASE } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

type Members = SelectQueryBuilder<Tables & { m: Tables['channel_member'] }, 'm', object>

/** Members looked through for a name. */
const SEARCHED = 1000

function members(ctx: Ctx, channel: ChannelRef): Members {
  return ctx.db.selectFrom('channel_member as m').where('m.channel_id', '=', channel.id) as Members
}

const present = (q: Members): Members => q.where('m.state', '=', STATE.in)
const restricted = (ctx: Ctx, q: Members): Members =>
  q
    .where('m.banned_rights', 'is not', null)
    .where((eb) => eb.or([eb('m.banned_until', '=', 0), eb('m.banned_until', '>', ctx.now)]))

/** Those whose name, username or title begins with the words looked for. */
function named(q: Members, text: string): Members {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^@/, '')
    .replaceAll(/[\\%_]/g, '')
  if (words === '') return q
  return q.where('m.user_id', 'in', (eb) =>
    eb
      .selectFrom('user as u')
      .leftJoin('username as n', 'n.owner', 'u.id')
      .select('u.id')
      .where((e) =>
        e.or([
          e(e.fn<string>('lower', ['u.first_name']), 'like', `${words}%`),
          e(e.fn<string>('lower', ['u.last_name']), 'like', `${words}%`),
          e('n.name', 'like', `${words}%`),
        ]),
      )
      .unionAll(
        eb
          .selectFrom('channel as c')
          .select(sql<number>`${sql.lit(CHANNEL_BASE)} - c.id`.as('id'))
          .where((e) => e(e.fn<string>('lower', ['c.title']), 'like', `${words}%`)),
      ),
  )
}

/** Whom a filter asks for. https://core.telegram.org/type/ChannelParticipantsFilter */
function filtered(ctx: Ctx, channel: ChannelRef, filter: tl.ChannelParticipantsFilter): Members {
  const all = members(ctx, channel)
  switch (filter._) {
    case 'channelParticipantsRecent':
      return present(all)
    case 'channelParticipantsAdmins':
      return present(all).where('m.role', '>', 0)
    case 'channelParticipantsKicked':
      return named(restricted(ctx, all).where('m.state', '=', STATE.kicked), filter.q)
    case 'channelParticipantsBanned':
      return named(restricted(ctx, all).where('m.state', '<>', STATE.kicked), filter.q)
    case 'channelParticipantsBots':
      return present(all).where('m.user_id', 'in', (eb) =>
        eb.selectFrom('user as b').select('b.id').where('b.bot', '=', 1),
      )
    case 'channelParticipantsSearch':
      return named(present(all), filter.q)
    case 'channelParticipantsMentions':
      return named(present(all), filter.q ?? '')
    case 'channelParticipantsContacts': {
      const contacts = present(all).where('m.user_id', 'in', (eb) =>
        eb.selectFrom('contact as c').select('c.user_id').where('c.owner', '=', ctx.userId),
      )
      return named(contacts, filter.q)
    }
  }
}

/** A page of a channel's participants, the newest first; administrators by what they may. */
export async function participantsPage(
  ctx: Ctx,
  channel: ChannelRef,
  filter: tl.ChannelParticipantsFilter,
  page: { offset: number; limit: number },
): Promise<{ rows: ChannelMemberRow[]; count: number }> {
  const query = filtered(ctx, channel, filter)
  const rows = await query
    .selectAll()
    .$if(filter._ === 'channelParticipantsAdmins', (q) => q.orderBy('m.role', 'desc'))
    .orderBy('m.date', 'desc')
    .orderBy('m.user_id', 'desc')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  if (filter._ === 'channelParticipantsRecent') return { rows, count: channel.row.members }
  const { count } = await ctx.db
    .selectFrom(query.select('m.user_id').limit(SEARCHED).as('found'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { rows, count }
}
