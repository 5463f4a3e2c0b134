import type { Tx } from '../../rpc/context.ts'

/** The other devices read the settings anew. https://core.telegram.org/constructor/updateAutoSaveSettings */
export async function tellAutoSave(tx: Tx): Promise<void> {
  await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateAutoSaveSettings' } })
}
