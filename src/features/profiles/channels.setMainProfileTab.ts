import { access } from '../../domain/access.ts'
import { lockChannel, tellAll } from '../../domain/channel-members.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.setMainProfileTab',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { id } = await access.channel(tx, req.channel)
      const channel = await lockChannel(tx, id)
      mustInChannel(tx, channel, 'changeInfo')
      const main_tab = req.tab._.slice('profileTab'.length)
      if (channel.row.main_tab === main_tab) return true
      await setChannel(tx, channel, { main_tab })
      await tellAll(tx, id)
      return true
    }),
  { flood: 'write' },
)
