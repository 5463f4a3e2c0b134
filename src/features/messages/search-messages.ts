import { type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import { firstVisible, type PeerRef } from '../../domain/access.ts'
import { idAtDate, NO_ID } from '../../domain/message-dates.ts'
import { messagePages } from '../../domain/message-pages.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { MEDIA_KIND } from '../../domain/message-view.ts'
import type { Page, PageSource } from '../../domain/pagination.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import { catchUp } from '../../domain/search-index.ts'
import { ofThread } from '../../domain/threads.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { countText, textPage } from './search-text.ts'

/** What is looked for among the caller's messages. */
export interface Search {
  /** Marked id of the dialog; everywhere when undefined. */
  peer?: number | undefined
  /** The first message that may be found. */
  first?: number | undefined
  text?: string
  filter?: tl.MessagesFilter
  from?: number | undefined
  /** The thread or topic it was said in. */
  thread?: RawBuilder<SqlBool> | undefined
  savedPeer?: number | undefined
  /** Monoforums: the only topic that the caller sees. */
  topic?: number | undefined
  /** Saved messages: reactions that the caller tagged them with, all of them. */
  tags?: readonly string[] | undefined
  minDate?: number
  maxDate?: number
  /** The dates as ids: `datesToIds` finds them. */
  ids?: { first: number; below: number } | undefined
  /** Only what the caller sent. */
  out?: boolean
  /** Only groups, only people; only dialogs of that folder. */
  kind?: 'groups' | 'users' | undefined
  folder?: number | undefined
  /** Only what comes after this in a list by date, the newest first; then by box and id. */
  after?: Place | undefined
}

/** Where a message stands in a list by date. */
export interface Place {
  date: number
  /** Whose copy it is: the caller's, a channel's. */
  owner: number
  id: number
}

const { photo, video, document, url, gif, voice, music, chatPhoto, phoneCall, roundVideo, geo, contact, poll } =
  MEDIA_KIND
/** The kinds of content that filters let through. https://core.telegram.org/type/MessagesFilter */
const KINDS: Partial<Record<tl.MessagesFilter['_'], number>> = {
  inputMessagesFilterPhotos: photo,
  inputMessagesFilterVideo: video,
  inputMessagesFilterPhotoVideo: photo | video,
  inputMessagesFilterDocument: document,
  inputMessagesFilterUrl: url,
  inputMessagesFilterGif: gif,
  inputMessagesFilterVoice: voice,
  inputMessagesFilterMusic: music,
  inputMessagesFilterChatPhotos: chatPhoto,
  inputMessagesFilterPhoneCalls: phoneCall,
  inputMessagesFilterRoundVoice: voice | roundVideo,
  inputMessagesFilterRoundVideo: roundVideo,
  inputMessagesFilterGeo: geo,
  inputMessagesFilterContacts: contact,
  inputMessagesFilterPoll: poll,
}

/** The bits of media_kind a filter stands for; undefined for filters by something else. */
export function kindsOf(filter: tl.MessagesFilter): number | undefined {
  return KINDS[filter._]
}

const hasKind = (kinds: number) => sql<boolean>`(media_kind & ${sql.lit(kinds)}) <> 0`

/** Where a search looks: in a channel's only copy, else among the caller's. */
export const boxOfSearch = (ctx: Ctx, search: Pick<Search, 'peer'>): number =>
  search.peer !== undefined && kindOf(search.peer) === 'channel' ? search.peer : ctx.userId

/** A search in one dialog, of what its viewer may see there. */
export const searchIn = (at: PeerRef, topMsgId?: number): Pick<Search, 'peer' | 'first' | 'thread' | 'topic'> => ({
  peer: at.peer,
  topic: at.kind === 'channel' ? at.topic : undefined,
  thread: ofThread(at, topMsgId),
  first: at.kind === 'channel' ? firstVisible(at) : undefined,
})

/** Which of a box's messages come after a place. */
function isAfter(eb: ExpressionBuilder<Tables, 'message'>, owner: number, place: Place) {
  if (owner !== place.owner) return eb('date', owner < place.owner ? '<=' : '<', place.date)
  return eb.or([eb('date', '<', place.date), eb.and([eb('date', '=', place.date), eb('id', '<', place.id)])])
}

/** The caller's reaction to the message at hand. */
const taggedWith = (eb: ExpressionBuilder<Tables, 'message'>, viewer: number, tag: string) =>
  eb
    .selectFrom('reaction as r')
    .select('r.n')
    .whereRef('r.origin', '=', 'message.origin')
    .where('r.peer', '=', viewer)
    .where('r.reaction', '=', tag)

/** Whether what a filter finds has an index of its own in each dialog. */
const hasIndex = (filter: tl.MessagesFilter | undefined, owner: number): boolean =>
  filter !== undefined &&
  (kindsOf(filter) !== undefined ||
    filter._ === 'inputMessagesFilterPinned' ||
    (filter._ === 'inputMessagesFilterMyMentions' && owner > 0))

/** Whether, its words aside, a search looks through an index of few messages. */
export const isRare = ({ filter, peer, savedPeer, tags }: Search): boolean =>
  savedPeer !== undefined ||
  (tags?.length ?? 0) > 0 ||
  hasIndex(filter, peer !== undefined && kindOf(peer) === 'channel' ? peer : 1)

/** The messages that a search finds but for its words, in no order yet. */
export function searching(ctx: Ctx, search: Search) {
  const owner = boxOfSearch(ctx, search)
  const { peer, filter, from, savedPeer, folder, ids } = search
  const { minDate = 0, maxDate = 0 } = ids ? {} : search
  const kinds = filter && kindsOf(filter)
  const { d } = ctx.app.store
  const indexed = hasIndex(filter, owner)
  // Channels' messages have an index by their authors.
  const byAuthor = owner < 0 && from !== undefined
  return ctx.db
    .selectFrom('message')
    .where('owner', '=', owner)
    .$if(peer !== undefined && !byAuthor, (q) =>
      q.where(indexed ? d.rarely(sql`peer = ${peer!}`) : sql<boolean>`peer = ${peer!}`),
    )
    .$if(search.first !== undefined && search.first > 1, (q) => q.where('id', '>=', search.first!))
    .$if(from !== undefined, (q) =>
      byAuthor
        ? q.where(sql<boolean>`owner < 0`).where(d.rarely(sql`from_id = ${from!}`))
        : q.where('from_id', '=', from!),
    )
    .$if(search.thread !== undefined, (q) => q.where(search.thread!))
    .$if(search.topic !== undefined, (q) => q.where('saved_peer', '=', search.topic!))
    .$if(savedPeer !== undefined, (q) => q.where(d.rarely(sql`saved_peer = ${savedPeer!}`)))
    .$if(search.tags !== undefined && search.tags.length > 0, (q) =>
      q
        .where('reacted', '=', 1)
        .where('peer', '=', ctx.viewer)
        .where((eb) => eb.and(search.tags!.map((tag) => eb.exists(taggedWith(eb as never, ctx.viewer, tag))))),
    )
    .$if(search.out === true, (q) => q.where('out', '=', 1))
    .$if(search.kind === 'groups', (q) => q.where('peer', '<', 0))
    .$if(search.kind === 'users', (q) => q.where('peer', '>', 0))
    .$if(minDate > 0, (q) => q.where('date', '>', minDate))
    .$if(maxDate > 0, (q) => q.where('date', '<', maxDate))
    .$if(ids !== undefined, (q) => q.where('id', '>=', ids!.first).where('id', '<', ids!.below))
    .$if(search.after !== undefined, (q) => q.where((eb) => isAfter(eb as never, owner, search.after!)))
    .$if(kinds !== undefined, (q) => q.where('media_kind', '>', 0).where(hasKind(kinds!)))
    .$if(filter?._ === 'inputMessagesFilterPinned', (q) => q.where('pinned', '=', 1))
    .$if(filter?._ === 'inputMessagesFilterMyMentions', (q) => q.where('mentioned', '=', 1))
    .$if(filter?._ === 'inputMessagesFilterMyMentions' && owner < 0, (q) =>
      q.where('id', 'in', (eb) =>
        eb
          .selectFrom('channel_mention as c')
          .select('c.message_id')
          .where('c.channel_id', '=', bareId(owner))
          .where('c.user_id', '=', ctx.viewer),
      ),
    )
    .$if(folder !== undefined, (q) =>
      q.where('peer', 'in', (eb) =>
        eb.selectFrom('dialog as d').select('d.peer').where('d.owner', '=', owner).where('d.folder', '=', folder!),
      ),
    )
}

/** Looks for messages: the page asked for. */
export function searchSource(ctx: Ctx, search: Search, page: Page): PageSource<MessageRow> {
  const { offsetId } = page
  if (search.text) {
    const below = offsetId > 0 ? offsetId : NO_ID
    return {
      older: (skip, limit) => textPage(ctx, search, { first: 0, below, newest: true, skip, limit }),
      newer: (skip, limit) => textPage(ctx, search, { first: offsetId, below: NO_ID, newest: false, skip, limit }),
    }
  }
  return messagePages(() => searching(ctx, search).selectAll(), page)
}

/** Results counted; where there are more, the number is what was counted. */
export const COUNTED = 12_000

/** How many messages are found, up to COUNTED. */
export async function countFound(ctx: Ctx, search: Search, atLeast = 0): Promise<number> {
  if (search.text) return countText(ctx, search, atLeast)
  const some = searching(ctx, search)
    .$if(atLeast > 0, (q) => q.where('id', '>=', atLeast))
    .select('id')
    .limit(COUNTED)
  const row = await ctx.db
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/**
 * Checks what is asked for and makes it findable: SEARCH_QUERY_EMPTY.
 * @returns whether everything can be found; false while a long history is still being indexed
 */
export async function prepareSearch(ctx: Ctx, search: Search): Promise<boolean> {
  mustNarrow(search)
  await datesToIds(ctx, search)
  return search.text ? catchUp(ctx, boxOfSearch(ctx, search)) : true
}

/** Finds the ids that a search's dates stand for, and the place after which it goes on. */
export async function datesToIds(ctx: Ctx, search: Search): Promise<void> {
  const { peer, minDate = 0, maxDate = 0, after } = search
  const owner = boxOfSearch(ctx, search)
  const first = minDate > 0 ? await idAtDate(ctx, owner, peer, minDate + 1) : 0
  let below = maxDate > 0 ? await idAtDate(ctx, owner, peer, maxDate) : NO_ID
  // What is as new as the place itself is told apart by its box and id.
  if (after) below = Math.min(below, await idAtDate(ctx, owner, peer, after.date + 1))
  if (first > 0 || below < NO_ID) search.ids = { first, below }
}

/** SEARCH_QUERY_EMPTY where neither words nor anything else narrow a search. */
export function mustNarrow(search: Search): void {
  const filtered = search.filter !== undefined && search.filter._ !== 'inputMessagesFilterEmpty'
  const narrowed =
    filtered ||
    search.thread ||
    search.from !== undefined ||
    search.savedPeer !== undefined ||
    (search.tags?.length ?? 0) > 0
  if (!search.text && !narrowed) throw new RpcError('SEARCH_QUERY_EMPTY')
}
