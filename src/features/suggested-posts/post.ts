import { type Actor, type ChannelRef, ownUser } from '../../domain/access.ts'
import { adminRights, isIn } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { mayPlacePoll } from '../../domain/make-poll.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { type Carried, readEntities } from '../../domain/message-view.ts'
import { scheduleMessages } from '../../domain/scheduled.ts'
import { type NewMessage, sendMessage } from '../../domain/send.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { readObject } from '../../tl/index.ts'

/**
 * Posts what was suggested in its channel, at that date (unix seconds) or now: as the administrator who approved it, or
 * who suggested it where the other side approved. CHAT_ADMIN_REQUIRED where they may not post.
 */
export async function publishPost(tx: Tx, channel: ChannelRef, suggested: MessageRow, date: number): Promise<void> {
  const byChannel = suggested.from_id === channel.peer
  const author = await poster(tx, channel, byChannel ? suggested.sender! : tx.userId)
  const media = suggested.media ? (readObject(suggested.media) as Carried) : undefined
  mayPlacePoll(channel, media)
  const content: NewMessage = {
    text: suggested.text,
    entities: readEntities(suggested.entities),
    media,
    invertMedia: suggested.invert_media === 1,
  }
  // The answer is about the suggestion alone: whoever reads the channel hears of the post.
  if (date > 0 && (await scheduleMessages(tx.aloud, author, channel, [content], date))) return
  await sendMessage(tx.aloud, author, channel, content)
}

async function poster(tx: Tx, channel: ChannelRef, user: number): Promise<Actor> {
  const member = await channelMember(tx, channel.id, user)
  const may = isIn(member) && adminRights(channel.row, member)?.postMessages
  if (!may) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return ownUser(tx, user)
}
