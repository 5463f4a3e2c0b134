import type { Tx } from '../rpc/context.ts'
import { type JobRunner, schedule } from '../rpc/jobs.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { lockBoxes, openBox } from '../updates/log.ts'
import type { ChannelRef } from './access.ts'
import { addressed, EVENTS_KEPT } from './channel-events.ts'
import { logEvent } from './channel-members.ts'
import { isAdmin, isIn } from './channel-rights.ts'
import { type MessageRow, messageRow } from './message-rows.ts'
import { atRest, type Carried, MEDIA_KIND, mediaKind, readEntities, wordsOf } from './message-view.ts'
import { channelPeer, toPeer } from './peers.ts'
import { removeMessages } from './remove-messages.ts'
import type { NewMessage } from './send.ts'

/** In whose name spam is deleted: clients know the account by this number, too. */
export const ANTISPAM_ACCOUNT = 5_434_988_373

/** The job that deletes what was found to be spam. */
export const ANTISPAM_JOB = 'channels.antispam'

/** Who came into a group so many seconds ago or less is new there. */
const NEW = 86_400
/** People that a newcomer's message may name. */
const NAMED = 4
/** The same text of so many characters or more, said so often within the group's last messages and this time. */
const SAME = { length: 16, times: 3, among: 100, seconds: 600 }

/** Why a message was taken for spam. */
export type Spam = 'link' | 'forward' | 'mentions' | 'flood'

const said = query<{ owner: number; after: number; sender: number; text: string; since: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('peer', '=', p.owner)
    .where('id', '>', p.after)
    .where('sender', '=', p.sender)
    .where('text', '=', p.text)
    .where('date', '>', p.since),
)
const cleared = query<{ channel: number; user: number }>()((db, p) =>
  db
    .selectFrom('antispam_verdict')
    .select('message_id')
    .where('channel_id', '=', p.channel)
    .where('user_id', '=', p.user)
    .where('wrong', '=', 1)
    .limit(1),
)

/**
 * What a message shows of spam by itself. Newcomers do not put links, forwards from elsewhere, or many names.
 * Deliberately simple, and the same for everybody: no learning, nothing leaves the server.
 */
export function looksLikeSpam(
  content: Pick<NewMessage, 'entities' | 'fwd' | 'mentions' | 'markup' | 'media'>,
): Spam | undefined {
  if (content.fwd?.fromId && content.fwd.fromId._ !== 'peerUser') return 'forward'
  const entities = content.entities ?? []
  if (entities.some((e) => e._ === 'messageEntityUrl' || e._ === 'messageEntityTextUrl')) return 'link'
  if (content.media?._ === 'richMessage') {
    if ((mediaKind(content) & MEDIA_KIND.url) !== 0) return 'link'
    return (content.mentions?.length ?? 0) > NAMED ? 'mentions' : undefined
  }
  const names = entities.filter((e) => e._ === 'messageEntityMention' || e._ === 'messageEntityMentionName')
  return names.length > NAMED ? 'mentions' : undefined
}

/**
 * Looks at what a member has just said in a group where the native anti-spam system is on; spam is deleted right
 * afterwards, in the system's own name. Administrators are not looked at, nor whom an administrator has cleared.
 * https://core.telegram.org/api/antispam
 */
export async function screen(tx: Tx, channel: ChannelRef, row: MessageRow, content: NewMessage): Promise<void> {
  const { sender } = row
  if (isAdmin(channel.member) || sender === null || sender < 0 || content.discusses) return
  const { member } = channel
  const isNew = !isIn(member) || member.date + NEW > tx.now
  const spam = (isNew ? looksLikeSpam(content) : undefined) ?? (await isFlood(tx, row, sender))
  if (!spam || (await tx.run(cleared, { channel: channel.id, user: sender })).length > 0) return
  const verdict = { reason: spam, date: tx.now, wrong: 0 }
  await tx.trx
    .insertInto('antispam_verdict')
    .values({ channel_id: channel.id, message_id: row.id, user_id: sender, ...verdict })
    .execute()
  const job = { kind: ANTISPAM_JOB, owner: channel.peer, dueAt: tx.now, data: { channel: channel.id, id: row.id } }
  await schedule(tx, { id: `${ANTISPAM_JOB}:${channel.id}:${row.id}`, ...job })
}

async function isFlood(tx: Tx, row: MessageRow, sender: number): Promise<Spam | undefined> {
  if (row.text.length < SAME.length) return undefined
  const from = { owner: row.owner, after: row.id - SAME.among, sender, text: row.text, since: tx.now - SAME.seconds }
  const [found] = await tx.run(said, from)
  return found!.count >= SAME.times ? 'flood' : undefined
}

/** Deletes one message that was found to be spam, and notes it in the group's recent actions. */
export const deleteSpam: JobRunner = async (ctx, { data }) => {
  const { channel: channelId, id } = data as { channel: number; id: number }
  await ctx.transact(async (tx) => {
    const peer = channelPeer(channelId)
    await lockBoxes(tx, [peer])
    const row = await messageRow(tx, peer, id)
    if (!row || !(await keepDeleted(tx, channelId, row))) return
    const message = addressed(tx, row)
    const action = { _: 'channelAdminLogEventActionDeleteMessage' as const, message }
    await logEvent(tx, channelId, 'delete', action, wordsOf(row), ANTISPAM_ACCOUNT)
    await removeMessages(tx, new Map([[peer, [row]]]))
  })
}

/** A message as it was said, for as long as it may come back. */
function keepSaid(row: MessageRow): Uint8Array {
  const read = <T>(bytes: Uint8Array | null) => (bytes ? (readObject(bytes) as T) : undefined)
  const message: tl.message = {
    _: 'message',
    id: row.id,
    peerId: toPeer(row.peer),
    fromId: toPeer(row.from_id),
    date: row.date,
    message: row.text,
    entities: readEntities(row.entities),
    ...keptCarried(read<Carried>(row.media)),
    replyTo: read<tl.MessageReplyHeader>(row.reply),
    fwdFrom: read<tl.MessageFwdHeader>(row.fwd),
    viaBotId: row.via_bot ?? undefined,
    replyMarkup: read<tl.ReplyMarkup>(row.markup),
    groupedId: row.grouped_id === null ? undefined : BigInt(row.grouped_id),
    silent: row.silent === 1 || undefined,
    noforwards: row.noforwards === 1 || undefined,
    invertMedia: row.invert_media === 1 || undefined,
    effect: row.effect === null ? undefined : BigInt(row.effect),
  }
  return atRest(message)
}

function keptCarried(carried: Carried | undefined): Pick<tl.message, 'media' | 'richMessage'> {
  return carried?._ === 'richMessage' ? { richMessage: carried } : { media: carried }
}

/** Keeps what is deleted as spam for a while; false where an administrator has been quicker to say that it is none. */
async function keepDeleted(tx: Tx, channelId: number, row: MessageRow): Promise<boolean> {
  await tx.trx
    .updateTable('antispam_verdict')
    .set({ kept: null })
    .where('channel_id', '=', channelId)
    .where('kept', 'is not', null)
    .where('date', '<', tx.now - EVENTS_KEPT)
    .execute()
  const kept = await tx.trx
    .updateTable('antispam_verdict')
    .set({ kept: keepSaid(row) })
    .where('channel_id', '=', channelId)
    .where('message_id', '=', row.id)
    .where('wrong', '=', 0)
    .returning('message_id')
    .executeTakeFirst()
  return kept !== undefined
}

/** The account in whose name spam is deleted, made at its first use. */
export async function makeAntispamAccount(tx: Tx): Promise<void> {
  const made = await tx.trx
    .insertInto('user')
    .values({ id: ANTISPAM_ACCOUNT, first_name: 'Anti-Spam', verified: 1, support: 1, created_at: tx.now })
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) await openBox(tx, ANTISPAM_ACCOUNT)
}

/**
 * An administrator says that a message was no spam: whoever wrote it is not looked at any more in that group.
 * @returns who wrote it, and what was deleted if it is to come back; undefined for a message that was not taken for spam
 */
export async function clearVerdict(
  tx: Tx,
  channelId: number,
  messageId: number,
): Promise<{ author: number; kept: Uint8Array | undefined } | undefined> {
  const row = await tx.trx
    .updateTable('antispam_verdict')
    .set({ wrong: 1 })
    .where('channel_id', '=', channelId)
    .where('message_id', '=', messageId)
    .returning(['user_id', 'date', 'kept'])
    .executeTakeFirst()
  if (!row) return undefined
  const due = row.kept && row.date >= tx.now - EVENTS_KEPT ? row.kept : undefined
  if (row.kept) {
    await tx.trx
      .updateTable('antispam_verdict')
      .set({ kept: null })
      .where('channel_id', '=', channelId)
      .where('message_id', '=', messageId)
      .execute()
  }
  return { author: row.user_id, kept: due }
}
