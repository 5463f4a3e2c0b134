import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import type * as tl from '../../tl/gen/types.ts'
import type { PeerRef } from '../access.ts'
import { maySayInChannel } from '../channel-rights.ts'
import { mayInChat } from '../chat-rights.ts'
import { finishPage, isDue, PAGE_STATE, pageMedia, pageOf, pageRow, webUrl } from './pages.ts'
import { isLoading } from './turns.ts'

/** The first address of the web that a text has, or that stands behind its words. */
export function firstUrl(text: string, entities: readonly tl.MessageEntity[] | undefined): string | undefined {
  for (const entity of entities ?? []) {
    const { _: kind, offset, length } = entity
    const url =
      kind === 'messageEntityTextUrl'
        ? webUrl(entity.url)
        : kind === 'messageEntityUrl'
          ? webUrl(text.slice(offset, offset + length))
          : undefined
    if (url) return url
  }
  return undefined
}

/** Whether messages here may carry previews: groups can keep their members from it. */
export function mayEmbed(ctx: Ctx, peer: PeerRef): boolean {
  if (peer.kind === 'user') return true
  if (peer.kind === 'chat') return mayInChat(peer, 'embedLinks')
  try {
    maySayInChannel(ctx, peer, ['embedLinks'], () => undefined)
    return true
  } catch (error) {
    if (error instanceof RpcError) return false
    throw error
  }
}

/**
 * The preview of a text's first link, as a message keeps it; undefined where there is none to be. Nothing is fetched
 * here: sending the message has that done. https://core.telegram.org/constructor/messageMediaWebPage
 */
export async function previewOf(
  ctx: Ctx,
  peer: PeerRef,
  text: string,
  entities: readonly tl.MessageEntity[] | undefined,
): Promise<tl.messageMediaWebPage | undefined> {
  if (!entities || !ctx.app.config.linkPreviews) return undefined
  const url = firstUrl(text, entities)
  if (url === undefined || !mayEmbed(ctx, peer)) return undefined
  const row = await pageOf(ctx, url)
  return row.state === PAGE_STATE.empty && !isDue(ctx, row) ? undefined : pageMedia(row)
}

/**
 * A preview that a client chose for its message. WEBPAGE_URL_INVALID, WEBPAGE_NOT_FOUND for a page that has none, unless
 * it was optional. https://core.telegram.org/constructor/inputMediaWebPage
 */
export async function chosenPreview(
  ctx: Ctx,
  peer: PeerRef,
  input: tl.inputMediaWebPage,
  text: string,
): Promise<tl.messageMediaWebPage | undefined> {
  const url = webUrl(input.url)
  if (url === undefined) throw new RpcError('WEBPAGE_URL_INVALID')
  const row = ctx.app.config.linkPreviews && mayEmbed(ctx, peer) ? await pageOf(ctx, url) : undefined
  if (!row || (row.state === PAGE_STATE.empty && !isDue(ctx, row))) {
    if (input.optional) return undefined
    throw new RpcError('WEBPAGE_NOT_FOUND')
  }
  return pageMedia(row, {
    manual: true,
    forceLargeMedia: input.forceLargeMedia || undefined,
    forceSmallMedia: (!input.forceLargeMedia && input.forceSmallMedia) || undefined,
    // Who sees the address in the text knows where it leads.
    safe: text.includes(input.url) || undefined,
  })
}

/** Gives up a page that no process is fetching any more. */
export const giveUp: JobRunner = async (ctx, { data }) => {
  const { page } = data as { page: number }
  const row = await pageRow(ctx, page)
  if (row?.state === PAGE_STATE.pending && !isLoading(ctx.app, page)) await finishPage(ctx, page, undefined, ctx.now)
}
