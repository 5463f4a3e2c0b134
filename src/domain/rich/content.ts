import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import type { PeerRef } from '../access.ts'
import { findEntities } from '../entities-find.ts'
import { mentionedBy } from '../outgoing.ts'
import { maySend, sendActions } from '../rights.ts'
import { type MadeRich, makeRich, mayBeRich } from './make.ts'

/** A message that is a rich one: it has no text and no media beside it. */
export interface RichContent {
  text: ''
  entities: undefined
  media: tl.richMessage
  mentions: number[] | undefined
}

/**
 * What a client's rich message says in a dialog. RICH_MESSAGE_UNSUPPORTED to those who may not say it, the errors of
 * makeRich, and what a group's rights keep from whoever lacks them for everything that is in it.
 * https://core.telegram.org/bots/api#rich-messages
 */
export async function richContent(ctx: Ctx, peer: PeerRef, input: tl.InputRichMessage): Promise<RichContent> {
  await mayBeRich(ctx)
  const made = await makeRich(ctx, input)
  await maySend(ctx, peer, new Set(sendActions(made.rich)))
  return { text: '', entities: undefined, media: made.rich, mentions: await namedIn(ctx, peer, made) }
}

/** Those of whom it names who find it among their mentions. */
async function namedIn(ctx: Ctx, peer: PeerRef, { users, names }: MadeRich): Promise<number[] | undefined> {
  const text = names.join(' ')
  const numbered = users.map((userId): tl.MessageEntity => {
    return { _: 'messageEntityMentionName', offset: 0, length: 0, userId }
  })
  return mentionedBy(ctx, peer, text, [...findEntities(text), ...numbered])
}
