import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { type ChannelRef, ownUser } from './access.ts'
import { messageRow } from './message-rows.ts'
import { mentionedBy } from './outgoing.ts'
import { fromPeer } from './peers.ts'
import { answered } from './scheduled-rows.ts'
import { type NewMessage, sendMessage } from './send.ts'

/**
 * Says a message again that was deleted although it was no spam, in its author's name. It gets a new id: to clients
 * that have heard of its deletion the old one is gone for good, and a difference tells new messages before deletions.
 * Nothing happens for an author who has deleted their account.
 */
export async function sayAgain(tx: Tx, channel: ChannelRef, author: number, kept: Uint8Array): Promise<void> {
  const from = await ownUser(tx, author)
  if (from.row.deleted === 1) return
  const said = readObject(kept) as tl.message
  const { message: text, entities, media, replyTo, replyMarkup: markup, groupedId, invertMedia, effect } = said
  const repliedTo = replyTo?._ === 'messageReplyHeader' && !replyTo.replyToPeerId ? replyTo.replyToMsgId : undefined
  const to = repliedTo === undefined ? undefined : await messageRow(tx, channel.peer, repliedTo)
  const shownAs = said.fromId ? fromPeer(said.fromId) : author
  const content: NewMessage = {
    text,
    entities,
    media: said.richMessage ?? media,
    reply: replyTo && answered(replyTo, to, false),
    fwd: said.fwdFrom,
    viaBot: said.viaBotId,
    markup,
    groupedId,
    mentions: await mentionedBy(tx, channel, text, entities),
    silent: said.silent,
    noforwards: said.noforwards,
    invertMedia,
    effect,
    sendAs: shownAs === author ? undefined : shownAs,
  }
  // Whoever asks for it is not who says it: neither their place in the group nor its slow mode counts here, and the
  // author hears of it like everybody.
  await sendMessage(tx.aloud, from, { ...channel, member: undefined }, content)
}
