import { documentRow } from '../../domain/files.ts'
import { toPeer } from '../../domain/peers.ts'
import { ProviderError } from '../../providers/index.ts'
import type { App } from '../../rpc/app.ts'
import { type Ctx, systemCtx, type Tx } from '../../rpc/context.ts'
import { cancelJob, type JobRunner, schedule } from '../../rpc/jobs.ts'

export const TRANSCRIPTION = { pending: 0, done: 1, failed: 2 } as const

export const TRANSCRIBE = 'transcribe'
/** When work that was begun is looked at again: whoever began it may be gone. Seconds, above what a call may take. */
const AGAIN = 120
const TRIES = 3
/** Accounts told in one transaction. */
const AT_ONCE = 100

const jobId = (document: number) => `${TRANSCRIBE}:${document}`

/** Recordings that this node is having written down. */
const underWay = new WeakMap<App, Map<number, Promise<void>>>()

/** Puts a recording on its way: at once, and again later should this node end before it is done. */
export async function beginTranscription(tx: Tx, document: number): Promise<void> {
  const dueAt = tx.now + AGAIN
  await schedule(tx, { id: jobId(document), kind: TRANSCRIBE, owner: 0, dueAt, data: { document, tries: 1 } })
  tx.onCommit(() => start(tx.app, document))
}

/** Other scheduled work does not wait for it. */
function start(app: App, document: number): void {
  let here = underWay.get(app)
  if (!here) underWay.set(app, (here = new Map()))
  if (here.has(document)) return
  const work = transcribe(systemCtx(app), document)
    .catch((error) => app.log.error({ err: error, document }, 'a transcription failed'))
    .finally(() => here.delete(document))
  here.set(document, work)
}

export const transcribeAgain: JobRunner = async (ctx, { data }) => {
  const { document, tries } = data as { document: number; tries: number }
  if ((await stateOf(ctx, document)) !== TRANSCRIPTION.pending) return
  if (tries >= TRIES) return finish(ctx, document, TRANSCRIPTION.failed, '')
  const dueAt = ctx.now + AGAIN
  const next = { id: jobId(document), kind: TRANSCRIBE, owner: 0, dueAt, data: { document, tries: tries + 1 } }
  await ctx.transact((tx) => schedule(tx, next))
  start(ctx.app, document)
}

async function stateOf(ctx: Ctx, document: number): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('transcription')
    .select('state')
    .where('document_id', '=', document)
    .executeTakeFirst()
  return row?.state
}

async function transcribe(ctx: Ctx, document: number): Promise<void> {
  const { transcriber } = ctx.app.providers
  const row = await documentRow(ctx, document)
  if (!transcriber || !row) return finish(ctx, document, TRANSCRIPTION.failed, '')
  const recording = await ctx.app.blobs.get(row.blob_key, 0, row.size)
  try {
    const name = row.mime === 'video/mp4' ? 'message.mp4' : 'message.ogg'
    await finish(ctx, document, TRANSCRIPTION.done, await transcriber.transcribe(recording, name, row.mime))
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    ctx.app.log.warn({ err: error, document }, 'the transcriber')
    await finish(ctx, document, TRANSCRIPTION.failed, '')
  }
}

/** Writes the text down and tells everybody who asked; an empty one where there is none to be had. */
async function finish(ctx: Ctx, document: number, state: number, text: string): Promise<void> {
  await ctx.transact(async (tx) => {
    const set = { state, text: text.toWellFormed() }
    await tx.trx.updateTable('transcription').set(set).where('document_id', '=', document).execute()
  })
  const uses = await ctx.db
    .selectFrom('transcription_use')
    .select(['owner', 'id', 'peer', 'message_id'])
    .where('document_id', '=', document)
    .orderBy('owner')
    .orderBy('id')
    .execute()
  for (let i = 0; i < uses.length; i += AT_ONCE) {
    await ctx.transact(async (tx) => {
      for (const use of uses.slice(i, i + AT_ONCE)) {
        const update = {
          _: 'updateTranscribedAudio' as const,
          peer: toPeer(use.peer),
          msgId: use.message_id,
          transcriptionId: BigInt(use.id),
          text,
        }
        await tx.publish(use.owner, { kind: 'update', update })
      }
    })
  }
  await ctx.transact((tx) => cancelJob(tx, jobId(document)))
}
