import {
  type DocumentInsert,
  drawnOnce,
  keepDrawn,
  lottie,
  SIDE,
  stillIcon,
  viewDrawn,
} from '../../domain/drawn-documents.ts'
import { STANDARD_REACTIONS } from '../../domain/standard-reactions.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Under this name the server keeps which documents the reactions are drawn with. */
const SETTING = 'reactions.documents'

/** Ids of one reaction's documents. */
interface Drawn {
  icon: number
  animation: number
}

interface Made {
  reactions: Record<string, Drawn>
  burst: number
}

async function make(ctx: Ctx, rows: DocumentInsert[]): Promise<Made> {
  const reactions: Record<string, Drawn> = {}
  const tgs = { name: 'AnimatedSticker.tgs', mime: 'application/x-tgsticker', side: SIDE }
  for (const [i, [emoji]] of STANDARD_REACTIONS.entries()) {
    const still = { name: 'sticker.webp', mime: 'image/webp', side: 100, emoji, bytes: await stillIcon(i) }
    const moving = { ...tgs, emoji, bytes: lottie(i, 20, 100, false) }
    reactions[emoji] = { icon: await keepDrawn(ctx, still, rows), animation: await keepDrawn(ctx, moving, rows) }
  }
  return { reactions, burst: await keepDrawn(ctx, { ...tgs, emoji: '✨', bytes: lottie(0, 60, 110, true) }, rows) }
}

/** https://core.telegram.org/constructor/availableReaction */
export async function availableReactions(ctx: Ctx): Promise<tl.AvailableReaction[]> {
  const { reactions, burst } = await drawnOnce(ctx, SETTING, make)
  const around = await viewDrawn(ctx, burst)
  const all: tl.AvailableReaction[] = []
  for (const [emoji, title] of STANDARD_REACTIONS) {
    const drawn = reactions[emoji]
    if (!drawn) continue
    const animation = await viewDrawn(ctx, drawn.animation)
    all.push({
      _: 'availableReaction',
      reaction: emoji,
      title,
      staticIcon: await viewDrawn(ctx, drawn.icon),
      appearAnimation: animation,
      selectAnimation: animation,
      activateAnimation: animation,
      effectAnimation: around,
      aroundAnimation: around,
      centerIcon: animation,
    })
  }
  return all
}
