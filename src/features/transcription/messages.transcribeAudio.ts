import { access, type MessageRef, type PeerRef } from '../../domain/access.ts'
import { BOOST_LEVELS, boostLevel } from '../../domain/boosts.ts'
import { documentRow, rowId } from '../../domain/files.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { lockBoxes } from '../../updates/log.ts'
import { beginTranscription, TRANSCRIPTION } from './work.ts'

const WEEK = 7 * 86_400

export default method(
  'messages.transcribeAudio',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const message = await access.message(ctx, peer, req.msgId).catch((error) => {
      throw error instanceof RpcError ? new RpcError('MSG_ID_INVALID') : error
    })
    const document = await recordingOf(ctx, message)
    return ctx.transact((tx) => ask(tx, peer, message, document))
  },
  { flood: 'search' },
)

/** The voice or round video message's document: MSG_VOICE_MISSING, TRANSCRIPTION_FAILED where nobody can. */
async function recordingOf(ctx: Ctx, { row }: MessageRef): Promise<number> {
  const media = row.media ? (readObject(row.media) as tl.MessageMedia) : undefined
  const spoken = media?._ === 'messageMediaDocument' && (media.voice || media.round)
  if (!spoken || media.document?._ !== 'document') throw new RpcError('MSG_VOICE_MISSING')
  const document = await documentRow(ctx, rowId(media.document.id))
  if (!document) throw new RpcError('MSG_VOICE_MISSING')
  const { providers, config } = ctx.app
  if (!providers.transcriber || document.size > config.limits.transcriptionBytes) {
    throw new RpcError('TRANSCRIPTION_FAILED')
  }
  return document.id
}

async function ask(
  tx: Tx,
  peer: PeerRef,
  message: MessageRef,
  document: number,
): Promise<tl.messages_transcribedAudio> {
  const owner = tx.userId
  await lockBoxes(tx, [owner])
  const known = await tx.trx
    .selectFrom('transcription_use')
    .select('id')
    .where('owner', '=', owner)
    .where('peer', '=', peer.peer)
    .where('message_id', '=', message.id)
    .where('document_id', '=', document)
    .executeTakeFirst()
  const trial = await trialOf(tx, peer, known !== undefined)
  const id = known?.id ?? (Number(tx.app.random(8).readBigUInt64LE() >> 12n) || 1)
  if (!known) {
    const date = isFree(tx, peer) ? 0 : tx.now
    const row = { owner, id, document_id: document, peer: peer.peer, message_id: message.id, date }
    await tx.trx.insertInto('transcription_use').values(row).execute()
  }
  const fresh = { state: TRANSCRIPTION.pending, text: '', date: tx.now }
  // One that failed is tried again when somebody asks again.
  const begun = await tx.trx
    .insertInto('transcription')
    .values({ document_id: document, ...fresh })
    .onConflict((c) =>
      c.column('document_id').doUpdateSet(fresh).where('transcription.state', '=', TRANSCRIPTION.failed),
    )
    .returning('document_id')
    .executeTakeFirst()
  if (begun) await beginTranscription(tx, document)
  const row = await tx.trx
    .selectFrom('transcription')
    .select(['state', 'text'])
    .where('document_id', '=', document)
    .executeTakeFirstOrThrow()
  const pending = row.state === TRANSCRIPTION.pending || undefined
  return { _: 'messages.transcribedAudio', pending, transcriptionId: BigInt(id), text: row.text, ...trial }
}

/** Whether a group's boosts have it that everybody there may, without using up what they have. */
function isFree(tx: Tx, peer: PeerRef): boolean {
  if (peer.kind !== 'channel' || peer.row.megagroup === 0) return false
  return boostLevel(tx, peer.row) >= BOOST_LEVELS.group_transcribe_level_min
}

/**
 * How many messages are left to who has no Premium, where the operator has set how many there are in a week; counted
 * with the one that is asked for now. PREMIUM_ACCOUNT_REQUIRED. https://core.telegram.org/api/transcribe
 */
async function trialOf(
  tx: Tx,
  peer: PeerRef,
  again: boolean,
): Promise<Pick<tl.messages_transcribedAudio, 'trialRemainsNum' | 'trialRemainsUntilDate'>> {
  const weekly = tx.app.config.limits.transcriptionTrials
  if (weekly === undefined || (await userRow(tx, tx.userId))?.premium === 1) return {}
  if (isFree(tx, peer)) return {}
  const used = await tx.trx
    .selectFrom('transcription_use')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('date').as('first')])
    .where('owner', '=', tx.userId)
    .where('date', '>', tx.now - WEEK)
    .executeTakeFirstOrThrow()
  const left = weekly - Number(used.count) - (again ? 0 : 1)
  if (left < 0 && !again) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  return { trialRemainsNum: Math.max(0, left), trialRemainsUntilDate: (used.first ?? tx.now) + WEEK }
}
