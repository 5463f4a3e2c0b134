import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import type { FactKind, Facts, Logged } from '../updates/facts.ts'
import { ownChannel, seesIn } from './access.ts'
import { othersOf, viewMessages } from './channel-marks.ts'
import { type MessageRow, messageRows } from './message-rows.ts'
import { bareId, isMonoforum, toPeer } from './peers.ts'

declare module '../updates/facts.ts' {
  interface Facts {
    newMessage: { ref: number }
    editMessage: { ref: number }
    deleteMessages: { ids: number[] }
    /** Of a whole dialog, or of one topic in a bot's chat. */
    readInbox: { peer: number; maxId: number; still: number; topic?: number }
    readOutbox: { peer: number; maxId: number }
    /** Voice messages listened to, mentions seen. */
    readContents: { ids: number[]; date?: number }
    pinned: { peer: number; ids: number[]; pinned: boolean }
    folderPeers: { peers: { peer: number; folder: number }[] }
  }
}

/**
 * A fact that names a message shows it as it is when it is read. Where the message is gone by then, or is not for that
 * viewer, its place in pts must not be missing, so it shows as the deletion that the client will learn of anyway.
 */
function messageKind<K extends 'newMessage' | 'editMessage'>(
  build: (message: tl.Message, pts: number, ptsCount: number, owner: number) => tl.Update,
): FactKind<K> {
  return {
    pts: () => 1,
    async render(viewer: Ctx, facts: readonly Logged<K>[]) {
      const owner = facts[0]!.owner
      const named = await factRows(viewer, owner, facts)
      const rows = isMonoforum(owner) ? await shownTo(viewer, owner, named) : named
      const byId = new Map(rows.map((row) => [row.id, row]))
      const views = new Map((await viewMessages(viewer, rows)).map((view) => [view.id, view]))
      return facts.map(({ fact, pts, ptsCount }) => {
        const row = byId.get(fact.ref)
        if (!row) return deletion(owner, [fact.ref], { pts, ptsCount })
        return build(views.get(row.id)!, pts, ptsCount, owner)
      })
    },
    async others(ctx: Ctx, facts: readonly Logged<K>[]) {
      return othersOf(ctx, await factRows(ctx, facts[0]!.owner, facts))
    },
  }
}

/** The rows that facts name: as they were written a moment ago, or read. */
async function factRows(viewer: Ctx, owner: number, facts: readonly Logged[]): Promise<MessageRow[]> {
  const rows = facts.map((f) => f.written as MessageRow | undefined)
  if (rows.every((row) => row !== undefined)) return rows
  return messageRows(viewer, owner, [...new Set(facts.map((f) => (f.fact as { ref: number }).ref))])
}

/**
 * Of a monoforum's messages those of the topics that the viewer sees; everywhere else all.
 * @NOTE every reader of a monoforum is woken by every message in it, and told at least that a place in pts was taken.
 */
export async function shownTo(viewer: Ctx, owner: number, rows: MessageRow[]): Promise<MessageRow[]> {
  if (!isMonoforum(owner)) return rows
  const channel = await ownChannel(viewer, bareId(owner))
  return rows.filter((row) => seesIn(channel, row))
}

/** Messages that are gone, out of an account's box or a channel's. */
export function deletion(owner: number, messages: number[], at: { pts: number; ptsCount: number }): tl.Update {
  const { pts, ptsCount } = at
  if (owner > 0) return { _: 'updateDeleteMessages', messages, pts, ptsCount }
  return { _: 'updateDeleteChannelMessages', channelId: bareId(owner), messages, pts, ptsCount }
}

/** A new message as the box it is in tells of it. */
export function newMessageUpdate(owner: number, message: tl.Message, at: { pts: number; ptsCount: number }): tl.Update {
  const { pts, ptsCount } = at
  return { _: owner < 0 ? 'updateNewChannelMessage' : 'updateNewMessage', message, pts, ptsCount }
}

/** An edited message as the box it is in tells of it. */
export function editUpdate(owner: number, message: tl.Message, at: { pts: number; ptsCount: number }): tl.Update {
  const { pts, ptsCount } = at
  return { _: owner < 0 ? 'updateEditChannelMessage' : 'updateEditMessage', message, pts, ptsCount }
}

/** Messages pinned or unpinned, as the box they are in tells of it. */
export function pinUpdate(
  owner: number,
  f: { peer: number; ids: number[]; pinned: boolean },
  at: { pts: number; ptsCount: number },
): tl.Update {
  const pinned = f.pinned || undefined
  const { pts, ptsCount } = at
  if (owner < 0) {
    return { _: 'updatePinnedChannelMessages', pinned, channelId: bareId(owner), messages: f.ids, pts, ptsCount }
  }
  return { _: 'updatePinnedMessages', pinned, peer: toPeer(f.peer), messages: f.ids, pts, ptsCount }
}

/** A fact whose update follows from it alone. */
function plainKind<K extends keyof Facts>(
  pts: (fact: Facts[K]) => number,
  build: (fact: Facts[K], at: { pts: number; ptsCount: number }, owner: number) => tl.Update,
): FactKind<K> {
  return {
    pts: (fact) => pts(fact as Facts[K]),
    render: async (_viewer, facts) =>
      facts.map(({ fact, pts, ptsCount, owner }) => build(fact as unknown as Facts[K], { pts, ptsCount }, owner)),
    others: async () => [],
  }
}

/** The kinds of facts about messages in accounts' boxes. https://core.telegram.org/api/updates#update-handling */
export const messageFacts = {
  newMessage: messageKind<'newMessage'>((message, pts, ptsCount, owner) =>
    newMessageUpdate(owner, message, { pts, ptsCount }),
  ),
  editMessage: messageKind<'editMessage'>((message, pts, ptsCount, owner) =>
    editUpdate(owner, message, { pts, ptsCount }),
  ),
  deleteMessages: plainKind<'deleteMessages'>(
    (f) => f.ids.length,
    (f, at, owner) => deletion(owner, f.ids, at),
  ),
  readInbox: plainKind<'readInbox'>(
    () => 1,
    (f, at) => ({
      _: 'updateReadHistoryInbox',
      peer: toPeer(f.peer),
      topMsgId: f.topic,
      maxId: f.maxId,
      stillUnreadCount: f.still,
      ...at,
    }),
  ),
  readOutbox: plainKind<'readOutbox'>(
    () => 1,
    (f, at) => ({ _: 'updateReadHistoryOutbox', peer: toPeer(f.peer), maxId: f.maxId, ...at }),
  ),
  readContents: plainKind<'readContents'>(
    (f) => f.ids.length,
    (f, at) => ({ _: 'updateReadMessagesContents', messages: f.ids, date: f.date, ...at }),
  ),
  pinned: plainKind<'pinned'>(
    (f) => f.ids.length,
    (f, at, owner) => pinUpdate(owner, f, at),
  ),
  folderPeers: plainKind<'folderPeers'>(
    () => 1,
    (f, at) => ({
      _: 'updateFolderPeers',
      folderPeers: f.peers.map((p) => ({ _: 'folderPeer', peer: toPeer(p.peer), folderId: p.folder })),
      ...at,
    }),
  ),
}
