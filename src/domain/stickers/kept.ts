import type { Ctx, Tx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

/** Lists of documents that an account keeps at hand, and how many each holds. */
export const KEPT_DOCUMENTS = { recent: 200, attached: 200, faved: 200, gif: 400 } as const
export type KeptList = keyof typeof KEPT_DOCUMENTS

const documentsOf = query<{ owner: number; list: string }>()((db, p) =>
  db
    .selectFrom('kept_document as k')
    .innerJoin('document as d', 'd.id', 'k.document_id')
    .leftJoin('sticker as s', 's.document_id', 'k.document_id')
    .selectAll('d')
    .select(['k.date as kept', 's.emoji'])
    .where('k.owner', '=', p.owner)
    .where('k.list', '=', p.list)
    .orderBy('k.position', 'desc'),
)
const rowsOf = query<{ owner: number; list: string }>()((db, p) =>
  db
    .selectFrom('kept_document')
    .select(['document_id', 'position'])
    .where('owner', '=', p.owner)
    .where('list', '=', p.list)
    .orderBy('position', 'desc'),
)

const UPDATES = {
  recent: { _: 'updateRecentStickers' },
  attached: { _: 'updateRecentStickers' },
  faved: { _: 'updateFavedStickers' },
  gif: { _: 'updateSavedGifs' },
} as const satisfies Record<KeptList, tl.Update>

/** A list's documents, the one kept last first, with the emoji of those that are stickers of a set. */
export function keptDocuments(ctx: Ctx, list: KeptList) {
  return ctx.run(documentsOf, { owner: ctx.userId, list })
}

const tell = (tx: Tx, list: KeptList) => tx.publish(tx.userId, { kind: 'update', update: UPDATES[list] })

/** Puts a document on top of a list, and what is too much at its end away; the account's other devices are told. */
export async function keepDocument(tx: Tx, list: KeptList, document: number): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const rows = await tx.run(rowsOf, { owner: tx.userId, list })
  const [top] = rows
  if (top?.document_id === document) return
  const place = { position: (top?.position ?? 0) + 1, date: tx.now }
  await tx.trx
    .insertInto('kept_document')
    .values({ owner: tx.userId, list, document_id: document, ...place })
    .onConflict((c) => c.columns(['owner', 'list', 'document_id']).doUpdateSet(place))
    .execute()
  const others = rows.filter((row) => row.document_id !== document)
  await remove(
    tx,
    list,
    others.slice(KEPT_DOCUMENTS[list] - 1).map((row) => row.document_id),
  )
  await tell(tx, list)
}

async function remove(tx: Tx, list: KeptList, documents: readonly number[]): Promise<boolean> {
  if (documents.length === 0) return false
  const gone = await tx.trx
    .deleteFrom('kept_document')
    .where('owner', '=', tx.userId)
    .where('list', '=', list)
    .where('document_id', 'in', documents)
    .returning('document_id')
    .execute()
  return gone.length > 0
}

/** Takes a document off a list. */
export async function forgetDocument(tx: Tx, list: KeptList, document: number): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  if (await remove(tx, list, [document])) await tell(tx, list)
}

/** Empties a list. */
export async function forgetAll(tx: Tx, list: KeptList): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const rows = await tx.run(rowsOf, { owner: tx.userId, list })
  const ids = rows.map((row) => row.document_id)
  if (await remove(tx, list, ids)) await tell(tx, list)
}
