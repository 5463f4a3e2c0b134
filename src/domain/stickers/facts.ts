import type { FactKind } from '../../updates/facts.ts'
import { setRow } from './rows.ts'
import { viewWholeSet } from './view.ts'

declare module '../../updates/facts.ts' {
  interface Facts {
    /** An account has installed a set of stickers. */
    newStickerSet: { set: number }
  }
}

/** The set is shown as it is when that is read; one that is gone by then is not shown. */
export const newStickerSetFact: FactKind<'newStickerSet'> = {
  pts: () => 0,
  render: (viewer, facts) =>
    Promise.all(
      facts.map(async ({ fact }) => {
        const row = await setRow(viewer, fact.set)
        return row && { _: 'updateNewStickerSet', stickerset: await viewWholeSet(viewer, row) }
      }),
    ),
}
