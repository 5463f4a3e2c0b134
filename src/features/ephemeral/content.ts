import type { Content } from '../../domain/ephemeral.ts'
import { makeMedia } from '../../domain/media.ts'
import type { Carried } from '../../domain/message-view.ts'
import { composeText } from '../../domain/outgoing.ts'
import { makeRich, mayBeRich } from '../../domain/rich/make.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

interface Given {
  message?: string | undefined
  entities?: tl.MessageEntity[] | undefined
  media?: tl.InputMedia | undefined
  replyMarkup?: tl.ReplyMarkup | undefined
  richMessage?: tl.InputRichMessage | undefined
  invertMedia?: boolean | undefined
}

const MEDIA = new Set<Carried['_']>([
  'messageMediaPhoto',
  'messageMediaDocument',
  'messageMediaGeo',
  'messageMediaVenue',
  'messageMediaContact',
])

/**
 * What such a message is to say. Slow, so before any transaction: MESSAGE_EMPTY, MESSAGE_TOO_LONG,
 * MEDIA_CAPTION_TOO_LONG, MEDIA_INVALID, the errors of uploads, REPLY_MARKUP_INVALID, BUTTON_*_INVALID.
 * @param before what an edited one said: what is not given stays
 */
export async function compose(ctx: Ctx, given: Given, before?: Content): Promise<Content> {
  const bot = ctx.session?.auth.bot === true
  const markup = bot && given.replyMarkup ? checkMarkup(given.replyMarkup) : before?.markup
  if (given.richMessage) {
    await mayBeRich(ctx)
    const { rich: media } = await makeRich(ctx, given.richMessage)
    return { text: '', entities: undefined, media, markup, invertMedia: false }
  }
  const input = given.media?._ === 'inputMediaEmpty' || given.media?._ === 'inputMediaWebPage' ? undefined : given.media
  // A text takes the place of a rich message.
  const kept = given.message !== undefined && before?.media?._ === 'richMessage' ? undefined : before?.media
  const media = input ? await makeMedia(ctx, input) : kept
  if (input && media && !MEDIA.has(media._)) throw new RpcError('MEDIA_INVALID')
  const said =
    given.message === undefined && before
      ? { text: before.text, entities: before.entities }
      : await composeText(ctx, given.message ?? '', given.entities, media !== undefined)
  if (said.text === '' && !media) throw new RpcError('MESSAGE_EMPTY')
  return { ...said, media, markup, invertMedia: given.invertMedia === true }
}

const ROWS = 100
const BUTTONS = 8
const LABEL = 128
const DATA = 64

/** Buttons under a message: those that lead somewhere, or are answered by the bot. */
function checkMarkup(markup: tl.ReplyMarkup): tl.ReplyMarkup | undefined {
  if (markup._ !== 'replyInlineMarkup') throw new RpcError('REPLY_MARKUP_INVALID')
  const { rows } = markup
  if (rows.length > ROWS || rows.some((row) => row.buttons.length > BUTTONS)) throw new RpcError('REPLY_MARKUP_INVALID')
  for (const { text, type } of rows.flatMap((row) => row.buttons)) {
    if (text.trim() === '' || text.length > LABEL) throw new RpcError('REPLY_MARKUP_INVALID')
    if (type._ === 'inlineButtonTypeCallback') {
      // @TODO buttons that ask for a password end with the bots' folder.
      if (type.requiresPassword) throw new RpcError('NOT_IMPLEMENTED')
      if (type.data.length === 0 || type.data.length > DATA) throw new RpcError('BUTTON_DATA_INVALID')
    } else if (type._ === 'inlineButtonTypeUrl') {
      if (!URL.canParse(type.url) || !/^(https?|tg):/.test(type.url)) throw new RpcError('BUTTON_URL_INVALID')
    } else if (type._ !== 'inlineButtonTypeCopy') throw new RpcError('NOT_IMPLEMENTED')
  }
  return rows.some((row) => row.buttons.length > 0) ? markup : undefined
}
