import { setting } from '../../domain/settings.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'help.getInviteText',
  async (ctx) => {
    const { host, port } = ctx.app.address
    const message = (await setting(ctx, 'invite_text')) ?? `Join me on our own messenger: ${host}:${port}`
    return { _: 'help.inviteText', message }
  },
  { flood: 'read' },
)
