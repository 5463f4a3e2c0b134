import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { type DocumentInsert, drawnOnce, keepDrawn, lottie, SIDE, viewDrawn } from './drawn-documents.ts'

/**
 * The effects that a message in a private chat may come with, by the ids that Telegram gives them, which bots know by
 * heart. https://core.telegram.org/api/effects
 */
const EFFECTS: readonly (readonly [id: bigint, emoji: string])[] = [
  [5_104_841_245_755_180_586n, '🔥'],
  [5_107_584_321_108_051_014n, '👍'],
  [5_104_858_069_142_078_462n, '👎'],
  [5_159_385_139_981_059_251n, '❤'],
  [5_046_509_860_389_126_442n, '🎉'],
  [5_046_589_136_895_476_101n, '💩'],
]

const known = new Set(EFFECTS.map(([id]) => id))

export const isEffect = (id: bigint): boolean => known.has(id)

/** The list is fixed, and so is its hash. */
export const EFFECTS_HASH = 1

interface Drawn {
  sticker: number
  animation: number
}

async function make(ctx: Ctx, rows: DocumentInsert[]): Promise<Drawn[]> {
  const made: Drawn[] = []
  for (const [i, [, emoji]] of EFFECTS.entries()) {
    const file = { name: 'AnimatedSticker.tgs', mime: 'application/x-tgsticker', side: SIDE, emoji }
    const sticker = await keepDrawn(ctx, { ...file, bytes: lottie(i, 40, 100, false) }, rows)
    made.push({ sticker, animation: await keepDrawn(ctx, { ...file, bytes: lottie(i, 10, 220, true) }, rows) })
  }
  return made
}

/** The effects and the documents that clients draw them with, made when somebody asks for them first. */
export async function availableEffects(ctx: Ctx): Promise<{ effects: tl.AvailableEffect[]; documents: tl.Document[] }> {
  const drawn = await drawnOnce(ctx, 'effects.documents', make)
  const effects: tl.AvailableEffect[] = []
  const documents: tl.Document[] = []
  for (const [i, [id, emoticon]] of EFFECTS.entries()) {
    const one = drawn[i]
    if (!one) continue
    const { sticker, animation } = one
    const ids = { effectStickerId: BigInt(sticker), effectAnimationId: BigInt(animation) }
    effects.push({ _: 'availableEffect', id, emoticon, ...ids })
    documents.push(await viewDrawn(ctx, sticker), await viewDrawn(ctx, animation))
  }
  return { effects, documents }
}
