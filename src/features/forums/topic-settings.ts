import { checkCustom } from '../../domain/reactions.ts'
import { ICON_COLORS } from '../../domain/topics.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Characters of a topic's title. https://core.telegram.org/method/messages.createForumTopic */
const TITLE = 128

/** A topic's title: TOPIC_TITLE_EMPTY. */
export function checkTitle(title: string): string {
  const text = title.trim().slice(0, TITLE).toWellFormed()
  if (text === '') throw new RpcError('TOPIC_TITLE_EMPTY')
  return text
}

/** The colour of an icon: what there is none of becomes the usual one. */
export function checkColor(color: number | undefined): number {
  return (ICON_COLORS as readonly (number | undefined)[]).includes(color) ? color! : ICON_COLORS[0]
}

/**
 * A custom emoji as an icon; null for none. DOCUMENT_INVALID, PREMIUM_ACCOUNT_REQUIRED.
 * @TODO the icons that everybody may choose end with the stickers' folder.
 */
export async function checkIcon(ctx: Ctx, id: bigint | undefined): Promise<string | null> {
  if (id === undefined || id === 0n) return null
  await checkCustom(ctx, id)
  const user = await userRow(ctx, ctx.userId)
  if (user?.premium !== 1 && user?.bot !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  return String(id)
}
