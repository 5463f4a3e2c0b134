import { titleOf } from '../../domain/stickers/make.ts'
import { setNamed } from '../../domain/stickers/rows.ts'
import { method } from '../../rpc/method.ts'
import { slugOf } from './names.ts'

/** What a title without any Latin letter is called. */
const NAMELESS = 'stickers'

export default method(
  'stickers.suggestShortName',
  async (ctx, req) => {
    const slug = slugOf(titleOf(req.title, 'TITLE_INVALID')) || NAMELESS
    let shortName = slug
    while (await setNamed(ctx, shortName)) shortName = `${slug}_${ctx.app.random(4).readUInt32LE() % 100_000}`
    return { _: 'stickers.suggestedShortName', shortName }
  },
  { flood: 'read' },
)
