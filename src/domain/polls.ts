import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { isAdmin } from './channel-rights.ts'
import { channelMember } from './channel-rows.ts'
import { addressFiles } from './files.ts'
import type { MessageRow } from './message-rows.ts'
import { MEDIA_KIND } from './message-view.ts'
import { bareId, toPeer } from './peers.ts'
import { isBarred } from './poll-rights.ts'
import { UNSEEN } from './reactions.ts'
import { topicOf } from './threads.ts'
import { byVoter } from './voter.ts'

export type PollRow = Selectable<Tables['poll']>

/** Who voted last shows with the poll itself. */
const RECENT = 3

const byIds = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('poll')
    .selectAll()
    .where('id', 'in', d.each(p.ids) as never),
)
const optionsOf = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('poll_option')
    .selectAll()
    .where('poll_id', 'in', d.each(p.ids) as never),
)
const choicesOf = query<{ ids: readonly number[]; peer: number }>()((db, p, d) =>
  db
    .selectFrom('poll_choice')
    .select(['poll_id', 'option'])
    .where('poll_id', 'in', d.each(p.ids) as never)
    .where('peer', '=', p.peer),
)
const newestVoters = query<{ id: number; limit: number }>()((db, p) =>
  db
    .selectFrom('poll_voter')
    .select('peer')
    .where('poll_id', '=', p.id)
    .orderBy('date', 'desc')
    .orderBy('peer', 'desc')
    .limit(p.limit),
)
const newestChoices = query<{ id: number; option: string; limit: number }>()((db, p) =>
  db
    .selectFrom('poll_choice')
    .select('peer')
    .where('poll_id', '=', p.id)
    .where('option', '=', p.option)
    .orderBy('date', 'desc')
    .orderBy('peer', 'desc')
    .limit(p.limit),
)

/** An option's bytes as the tables keep them. */
export const optionKey = (option: Uint8Array): string => Buffer.from(option).toString('hex')

export async function pollRow(ctx: Ctx, id: number): Promise<PollRow | undefined> {
  const [row] = await ctx.run(byIds, { ids: [id] })
  return row
}

/** The poll a message carries; undefined for none. */
export function pollIdOf(row: Pick<MessageRow, 'media' | 'media_kind'>): number | undefined {
  if ((row.media_kind & MEDIA_KIND.poll) === 0 || !row.media) return undefined
  const media = readObject(row.media) as tl.MessageMedia
  return media._ === 'messageMediaPoll' ? Number(media.poll.id) : undefined
}

/** The options a person has voted for, in hex. */
export async function votesOf(ctx: Ctx, id: number, peer: number): Promise<string[]> {
  return (await ctx.run(choicesOf, { ids: [id], peer })).map((c) => c.option)
}

/** A poll as it is kept: its correct answers and its explanation are in the results. */
export const keptPoll = (row: PollRow): tl.messageMediaPoll => readObject(row.tl) as tl.messageMediaPoll

/** Looks up what messages with polls show: nothing at all is read where there are none. */
export async function loadPolls(ctx: Ctx, rows: readonly MessageRow[]): Promise<Map<MessageRow, tl.messageMediaPoll>> {
  const views = new Map<MessageRow, tl.messageMediaPoll>()
  const ids = new Map<MessageRow, number>()
  for (const row of rows) {
    const id = pollIdOf(row)
    if (id !== undefined) ids.set(row, id)
  }
  if (ids.size === 0) return views
  const wanted = [...new Set(ids.values())]
  const polls = new Map((await ctx.run(byIds, { ids: wanted })).map((poll) => [poll.id, poll]))
  const counts = Map.groupBy(await ctx.run(optionsOf, { ids: wanted }), (o) => o.poll_id)
  const mine = new Map<MessageRow, { option: string }[]>()
  for (const [peer, own] of await byVoter(ctx, ids.keys())) {
    const those = await ctx.run(choicesOf, { ids: own.map((row) => ids.get(row)!), peer })
    const choices = Map.groupBy(those, (c) => c.poll_id)
    for (const row of own) mine.set(row, choices.get(ids.get(row)!) ?? [])
  }
  for (const [row, id] of ids) {
    const poll = polls.get(id)
    if (!poll) continue
    const votes = new Map((counts.get(id) ?? []).map((o) => [o.option, o.voters]))
    const chosen = new Set((mine.get(row) ?? []).map((c) => c.option))
    views.set(row, await viewPoll(ctx, row, poll, votes, chosen))
  }
  return views
}

/**
 * A poll for one viewer: how many voted for what is for those who have voted, for whoever made it, and for everybody once
 * it is closed.
 * https://core.telegram.org/constructor/pollResults
 */
async function viewPoll(
  ctx: Ctx,
  message: MessageRow,
  row: PollRow,
  votes: ReadonlyMap<string, number>,
  chosen: ReadonlySet<string>,
): Promise<tl.messageMediaPoll> {
  const media = addressFiles(ctx, keptPoll(row))
  const { poll, results: secret } = media
  const over = isOver(row, ctx.now)
  const creator = row.creator === ctx.viewer
  // Who cannot vote has nothing to be kept from by the results, but by what is right.
  const knows = over || creator || chosen.size > 0
  const barred = !knows && (await isBarred(ctx, row, poll))
  const counted = over || creator || ((knows || barred) && !poll.hideResultsUntilClose)
  const results: tl.PollAnswerVoters[] = []
  for (const answer of knows || barred ? poll.answers : []) {
    if (answer._ !== 'pollAnswer') continue
    const key = optionKey(answer.option)
    results.push({
      _: 'pollAnswerVoters',
      chosen: chosen.has(key) || undefined,
      correct:
        (knows && poll.quiz && secret.results?.some((r) => r.correct && optionKey(r.option) === key)) || undefined,
      option: answer.option,
      ...(counted
        ? { voters: votes.get(key) ?? 0, recentVoters: row.public ? await lastVoters(ctx, row.id, key) : [] }
        : undefined),
    })
  }
  const voters = row.public
    ? (await ctx.run(newestVoters, { id: row.id, limit: RECENT })).map((v) => toPeer(v.peer))
    : []
  const shown: tl.pollResults = {
    _: 'pollResults',
    canViewStats: (await mayViewVotes(ctx, message, row)) || undefined,
    hasUnreadVotes: (creator && (message.unseen & UNSEEN.votes) !== 0) || undefined,
    results: knows || barred ? results : undefined,
    totalVoters: row.voters,
    recentVoters: voters.length > 0 ? voters : undefined,
    ...(knows
      ? { solution: secret.solution, solutionEntities: secret.solutionEntities, solutionMedia: secret.solutionMedia }
      : undefined),
  }
  const state = { closed: over || undefined, creator: creator || undefined, hash: BigInt(row.version) }
  return { ...media, poll: { ...poll, ...state, closeDate: row.close_date ?? undefined }, results: shown }
}

/** Who may see when a poll was voted in: whoever made it, and those who look after the channel it is in. */
export async function mayViewVotes(ctx: Ctx, message: MessageRow, row: PollRow): Promise<boolean> {
  if (row.creator === ctx.viewer) return true
  return message.owner < 0 && ctx.viewer !== 0 && isAdmin(await channelMember(ctx, bareId(message.owner), ctx.viewer))
}

async function lastVoters(ctx: Ctx, id: number, option: string): Promise<tl.Peer[]> {
  return (await ctx.run(newestChoices, { id, option, limit: RECENT })).map((c) => toPeer(c.peer))
}

/** Whether nobody can vote any more: closed, or its time is over and the job has not come to it yet. */
export function isOver(row: PollRow, now: number): boolean {
  return row.closed === 1 || (row.close_date !== null && row.close_date <= now)
}

/** https://core.telegram.org/constructor/updateMessagePoll */
export function pollUpdate(row: MessageRow, media: tl.messageMediaPoll): tl.updateMessagePoll {
  const { poll, results } = media
  const place = { peer: toPeer(row.peer), msgId: row.id, topMsgId: topicOf(row) }
  return { _: 'updateMessagePoll', ...place, pollId: poll.id, poll, results }
}
