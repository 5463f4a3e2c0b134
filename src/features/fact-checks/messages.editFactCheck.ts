import { nameUsers, styleText } from '../../domain/entities.ts'
import { FACT_CHECK_LENGTH } from '../../domain/fact-checks.ts'
import { method } from '../../rpc/method.ts'
import { editFactCheck } from './edit.ts'

export default method(
  'messages.editFactCheck',
  async (ctx, req) => {
    const bounds = { length: FACT_CHECK_LENGTH, entities: ctx.app.config.limits.entities }
    const given = await nameUsers(ctx, req.text.entities)
    const { text, entities = [] } = styleText(req.text.text, given, { ...bounds, tooLong: 'MESSAGE_TOO_LONG' })
    return editFactCheck(ctx, req, text === '' ? undefined : { _: 'textWithEntities', text, entities })
  },
  { flood: 'write' },
)
