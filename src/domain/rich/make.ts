import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { access } from '../access.ts'
import { namedDocument, namedPhoto } from '../files.ts'
import { dialogRow } from '../message-rows.ts'
import { atRest } from '../message-view.ts'
import { hasPremium } from '../premium.ts'
import { checkBlocks } from './check.ts'
import type { Given } from './check-text.ts'
import { fetchPictures } from './fetch.ts'
import { readRichHtml } from './html.ts'
import { markdownToHtml } from './markdown.ts'

/** A rich message as it is kept, without access hashes and file references, and whom it names. */
export interface MadeRich {
  rich: tl.richMessage
  /** Accounts named by number, and names with their @. */
  users: number[]
  names: string[]
}

/** Users that one message may name. */
const USERS = 100
/** Characters of HTML or Markdown for one that is shown, and bytes of blocks. */
const SOURCE = 3
const BYTES = 8

/** Refuses to those without Premium what only they, and bots, may say: RICH_MESSAGE_UNSUPPORTED. */
export async function mayBeRich(ctx: Ctx): Promise<void> {
  if (ctx.session?.auth.bot || (await hasPremium(ctx, ctx.userId))) return
  throw new RpcError('RICH_MESSAGE_UNSUPPORTED')
}

/**
 * Makes a rich message of what a client gives: blocks, HTML or Markdown. Slow (pictures may have to be fetched), so it is
 * called outside of any transaction. Throws RICH_MESSAGE_*, RICH_VALIDATE_CTOR_NOT_ALLOWED, DOCUMENT_INVALID,
 * FILE_REFERENCE_*. https://core.telegram.org/bots/api#rich-messages
 */
export async function makeRich(ctx: Ctx, input: tl.InputRichMessage): Promise<MadeRich> {
  const max = ctx.app.config.limits.rich
  const given = { photos: new Map(), documents: new Map(), autolink: !input.noautolink }
  const source = input._ === 'inputRichMessage' ? await named(ctx, input, given) : await written(ctx, input, given)
  const check = checkBlocks(source.blocks, { ...given, users: source.users }, max)
  const { photos, documents } = given
  const bare: tl.richMessage = {
    _: 'richMessage',
    rtl: input.rtl || undefined,
    blocks: check.kept,
    photos: [],
    documents: [],
  }
  if (atRest(bare).length > max.length * BYTES) throw new RpcError('RICH_MESSAGE_TOO_LARGE')
  const rich: tl.richMessage = {
    ...bare,
    photos: [...check.photos].map((id) => photos.get(id)!),
    documents: [...check.documents].map((id) => documents.get(id)!),
  }
  return { rich, users: [...check.users], names: [...check.names] }
}

interface Files {
  photos: Map<bigint, tl.photo>
  documents: Map<bigint, tl.document>
}
type Source = { blocks: readonly tl.PageBlock[]; users: Given['users'] }

/** A photo or document that came with the message. */
async function addPhoto(ctx: Ctx, input: tl.InputPhoto, { photos }: Files): Promise<tl.photo> {
  const photo = readObject((await namedPhoto(ctx, input, 'RICH_MESSAGE_PHOTO_INVALID')).tl) as tl.photo
  photos.set(photo.id, photo)
  return photo
}

async function addDocument(ctx: Ctx, input: tl.InputDocument, { documents }: Files): Promise<tl.document> {
  const document = readObject((await namedDocument(ctx, input, 'DOCUMENT_INVALID')).tl) as tl.document
  documents.set(document.id, document)
  return document
}

function mayHave(ctx: Ctx, files: number): void {
  if (files > ctx.app.config.limits.rich.media) throw new RpcError('RICH_MESSAGE_MEDIA_TOO_MANY')
}

async function named(ctx: Ctx, input: tl.inputRichMessage, files: Files): Promise<Source> {
  const { photos = [], documents = [] } = input
  mayHave(ctx, photos.length + documents.length)
  for (const one of photos) await addPhoto(ctx, one, files)
  for (const one of documents) await addDocument(ctx, one, files)
  const users = new Set<number>()
  for (const one of (input.users ?? []).slice(0, USERS)) {
    const user = await access.user(ctx, one).catch((error) => {
      if (!(error instanceof RpcError)) throw error
    })
    if (user) users.add(user.id)
  }
  return { blocks: input.blocks, users }
}

async function written(
  ctx: Ctx,
  input: tl.inputRichMessageHTML | tl.inputRichMessageMarkdown,
  given: Files,
): Promise<Source> {
  const text = input._ === 'inputRichMessageHTML' ? input.html : input.markdown
  if (text.length > ctx.app.config.limits.rich.length * SOURCE) throw new RpcError('RICH_MESSAGE_TEXT_TOO_LONG')
  const read = await readRichHtml(input._ === 'inputRichMessageHTML' ? text : markdownToHtml(text))
  const { files = [] } = input
  mayHave(ctx, Math.max(files.length, read.addresses.length))
  const byName = new Map<string, tl.photo | tl.document>()
  for (const one of files) {
    const file =
      one._ === 'inputRichFilePhoto'
        ? await addPhoto(ctx, one.photo, given)
        : await addDocument(ctx, one.document, given)
    byName.set(one.id, file)
  }
  const elsewhere = read.addresses.filter((address) => /^https?:/i.test(address))
  const fetched = await fetchPictures(ctx, elsewhere)
  for (const photo of fetched.values()) given.photos.set(photo.id, photo)
  const blocks = read.blocks((address) => {
    const [, name] = /^tg:\/\/(?:photo|video|audio|document)\?id=(.+)$/.exec(address) ?? []
    return name === undefined ? fetched.get(address) : byName.get(name)
  })
  return { blocks, users: await known(ctx, read.users) }
}

/** Of users named by number alone those whom the caller writes with. */
async function known(ctx: Ctx, ids: readonly number[]): Promise<Set<number>> {
  const users = new Set<number>()
  for (const id of ids.slice(0, USERS)) {
    if (id === ctx.userId || (await dialogRow(ctx, ctx.userId, id))) users.add(id)
  }
  return users
}
