import { setNamed } from '../../domain/stickers/rows.ts'
import { usernameRows } from '../../domain/usernames.ts'
import type { Ctx } from '../../rpc/context.ts'
import { type ErrorName, RpcError } from '../../rpc/errors.ts'

const LENGTH = 64
/** Latin letters, digits and single underscores, a letter first. */
const PATTERN = /^[a-z](?:_?[a-z0-9])*$/i

/** Whether a set may have this short name. https://core.telegram.org/method/stickers.createStickerSet */
export const isShortName = (name: string): boolean => name.length <= LENGTH && PATTERN.test(name)

/** Refuses a name that no set may have, or that one has. */
export async function checkShortName(ctx: Ctx, name: string, invalid: ErrorName, occupied: ErrorName): Promise<void> {
  if (!isShortName(name)) throw new RpcError(invalid)
  if (await setNamed(ctx, name)) throw new RpcError(occupied)
}

/** Whether a name ends in the way of the bot that asks. */
export async function endsAsBots(ctx: Ctx, name: string): Promise<boolean> {
  const lower = name.toLowerCase()
  const names = await usernameRows(ctx, ctx.userId)
  return names.some((row) => row.active === 1 && lower.endsWith(`_by_${row.name}`))
}

/** Latin letters for what a title may be written with: accents are taken off, all else becomes a gap. */
export function slugOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}+/gu, '')
  const words = plain.match(/[a-z0-9]+/gi) ?? []
  return words
    .join('_')
    .replace(/^[0-9_]+/, '')
    .slice(0, LENGTH - 6)
    .replace(/_$/, '')
}
