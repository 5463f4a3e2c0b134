import { access, ownChannel, ownUser, type PeerRef } from '../../domain/access.ts'
import { memberRows } from '../../domain/chat-rows.ts'
import { styleText } from '../../domain/entities.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import { sendMessage } from '../../domain/send.ts'
import type { App } from '../../rpc/app.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { type JobRunner, schedule } from '../../rpc/jobs.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import type { ExportedMessage } from './export.ts'
import { BATCH, dropImport, type ImportRow, jobOf, mustImportInto } from './imports.ts'
import { parseExport } from './parse.ts'

/** Exports that are being imported, so that each is read once. */
const reading = new WeakMap<App, Map<number, ExportedMessage[]>>()

async function messagesOf(app: App, row: ImportRow): Promise<ExportedMessage[]> {
  let known = reading.get(app)
  if (!known) reading.set(app, (known = new Map()))
  let messages = known.get(row.id)
  if (!messages) {
    const { size } = await app.blobs.open(row.blob_key)
    const text = (await app.blobs.get(row.blob_key, 0, size)).toString('utf8')
    messages = parseExport(text)?.messages ?? []
    known.set(row.id, messages)
  }
  return messages
}

/** The chat, as whoever imports may reach it now; undefined when they may not any more. */
async function reach(ctx: Ctx, peer: number): Promise<PeerRef | undefined> {
  try {
    const kind = kindOf(peer)
    const found =
      kind === 'channel'
        ? await ownChannel(ctx, bareId(peer))
        : kind === 'chat'
          ? await access.chat(ctx, bareId(peer))
          : await ownUser(ctx, peer)
    await mustImportInto(ctx, found)
    return found
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

/**
 * Imports the next messages of an export, each under a header that says whose it was and when; the rest of them follow.
 * A batch and how far it came are one transaction, so that whatever ends the process, no message comes twice.
 * https://core.telegram.org/api/import#5-finalize-the-import
 */
export const runImport: JobRunner = async (ctx, { id: jobId, owner }) => {
  const id = Number(jobId.slice(jobId.indexOf(':') + 1))
  const find = (from: Ctx) =>
    from.db.selectFrom('history_import').selectAll().where('owner', '=', owner).where('id', '=', id).executeTakeFirst()
  const row = await find(ctx)
  if (!row) return
  const peer = row.started === 1 ? await reach(ctx, row.peer) : undefined
  if (!peer) return finish(ctx, row)
  const messages = await messagesOf(ctx.app, row)
  const next = messages.slice(row.done, row.done + BATCH)
  const media = await mediaOf(ctx, row, next)
  const from = await ownUser(ctx, owner)
  const contents = next.flatMap((message) => contentsOf(message, media))
  const done = row.done + next.length
  if (next.length > 0) {
    const going = await ctx
      .transact(async (tx) => {
        const moved = await tx.trx
          .updateTable('history_import')
          .set({ done })
          .where('owner', '=', owner)
          .where('id', '=', id)
          .where('done', '=', row.done)
          .executeTakeFirst()
        if (moved.numUpdatedRows === 0n) return false
        for (const content of contents) await sendMessage(tx, from, peer, content)
        if (done < messages.length) await schedule(tx, { ...jobOf(row), dueAt: tx.now })
        return true
      })
      .catch(asEnd)
    // Another process has done this part.
    if (going === false) return
    if (going === undefined) return finish(ctx, row)
    await tellProgress(ctx, peer, Math.floor((100 * done) / messages.length))
  }
  if (done >= messages.length) await finish(ctx, row)
}

/** What may not be said there any more ends the import. */
function asEnd(error: unknown): undefined {
  if (!(error instanceof RpcError)) throw error
}

async function finish(ctx: Ctx, row: ImportRow): Promise<void> {
  await ctx.transact((tx) => dropImport(tx, row))
  reading.get(ctx.app)?.delete(row.id)
  await ctx.app.blobs.delete(row.blob_key)
}

async function mediaOf(
  ctx: Ctx,
  row: ImportRow,
  messages: readonly ExportedMessage[],
): Promise<Map<string, tl.MessageMedia>> {
  const names = [...new Set(messages.map(fileOf))].filter((name) => name !== undefined)
  const found = new Map<string, tl.MessageMedia>()
  if (row.media_count === 0 || names.length === 0) return found
  const rows = await ctx.db
    .selectFrom('history_import_media')
    .select(['file_name', 'tl'])
    .where('import_id', '=', row.id)
    .where('file_name', 'in', names)
    .execute()
  for (const one of rows) found.set(one.file_name, readObject(one.tl) as tl.MessageMedia)
  return found
}

const FILE_NAME = /^[^\n/\\]{1,255}\.\w{1,5}$/

/** Some applications write nothing but a file's name where it was. */
function fileOf(message: ExportedMessage): string | undefined {
  return message.file ?? (FILE_NAME.test(message.text) ? message.text : undefined)
}

/** Longest text of one message, and caption. */
const TEXT = 4096
const CAPTION = 1024

/** One exported message as those it becomes: what is too long is cut into several. */
function contentsOf(message: ExportedMessage, media: ReadonlyMap<string, tl.MessageMedia>) {
  const attached = media.get(fileOf(message) ?? '')
  const text = attached ? message.text.split('\n').slice(1).join('\n') : message.text
  const fwd: tl.messageFwdHeader = {
    _: 'messageFwdHeader',
    imported: true,
    fromName: message.author,
    date: message.date,
  }
  return pieces(text.trim(), attached ? CAPTION : TEXT).flatMap((piece, i) => {
    const styled = styleText(piece, undefined)
    const carried = i === 0 ? attached : undefined
    return styled.text === '' && !carried ? [] : [{ ...styled, media: carried, fwd, silent: true }]
  })
}

function pieces(text: string, first: number): string[] {
  const cut: string[] = []
  let at = 0
  do {
    let end = at + (cut.length === 0 ? first : TEXT)
    // Not between the halves of a character.
    if (end < text.length && /[\udc00-\udfff]/.test(text[end]!)) end--
    cut.push(text.slice(at, end))
    at = end
  } while (at < text.length)
  return cut
}

/** The others see that a history is being imported, and how far it is. */
async function tellProgress(ctx: Ctx, peer: PeerRef, progress: number): Promise<void> {
  const action: tl.SendMessageAction = { _: 'sendMessageHistoryImportAction', progress }
  const userId = ctx.userId
  const { hub } = ctx.app
  const fromId: tl.Peer = { _: 'peerUser', userId }
  if (peer.kind === 'user') hub.signal(peer.id, { _: 'updateUserTyping', userId, action })
  else if (peer.kind === 'chat') {
    const members = await memberRows(ctx, peer.id)
    const update: tl.Update = { _: 'updateChatUserTyping', chatId: peer.id, fromId, action }
    for (const { user_id } of members) if (user_id !== userId) hub.signal(user_id, update)
  } else hub.signal(peer.peer, { _: 'updateChannelUserTyping', channelId: peer.id, fromId, action }, userId)
}
