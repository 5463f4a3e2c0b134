import { access } from '../../domain/access.ts'
import { mayHaveOneMore } from '../../domain/channel-join.ts'
import { announceIn, putIn, setMember } from '../../domain/channel-members.ts'
import { mayHaveOneMorePublic } from '../../domain/channel-named.ts'
import { channelRow } from '../../domain/channel-rows.ts'
import { ROLE } from '../../domain/chat-rows.ts'
import { atRest } from '../../domain/message-view.ts'
import { channelPeer } from '../../domain/peers.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { openGeneral } from '../../domain/topics.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { nextId } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { openBox } from '../../updates/log.ts'
import { locationOf } from './location.ts'
import { checkAbout, checkTitle } from './texts.ts'

const YEAR = 366 * 86_400

export default method(
  'channels.createChannel',
  (ctx, req) => {
    const title = checkTitle(ctx, req.title)
    const about = checkAbout(ctx, req.about)
    const { ttlPeriod = 0 } = req
    if (ttlPeriod < 0 || ttlPeriod > YEAR) throw new RpcError('TTL_PERIOD_INVALID')
    const megagroup = req.megagroup === true || req.forImport === true || req.forum === true
    if (req.broadcast && megagroup) throw new RpcError('CHAT_INVALID')
    const location = req.geoPoint ? atRest(locationOf(ctx, req.geoPoint, req.address ?? '')) : null
    return ctx.transact(async (tx) => {
      const id = await nextId(tx.trx, 'channel')
      const self = access.me(tx)
      await mayHaveOneMore(tx, self.id)
      if (location) await mayHaveOneMorePublic(tx, { byLocation: true })
      const kind = { megagroup: megagroup ? 1 : 0, forum: req.forum ? 1 : 0 }
      await tx.trx
        .insertInto('channel')
        .values({ id, title, about, creator: self.id, date: tx.now, ...kind, ttl: ttlPeriod, location })
        .execute()
      await openBox(tx, channelPeer(id))
      // The message that says that it was made is the general topic's first.
      if (req.forum) await openGeneral(tx, { id, creator: self.id, date: tx.now }, { id: 1, date: tx.now })
      await putIn(tx, (await channelRow(tx, id))!, self.id, { inviter: self.id })
      await setMember(tx, id, self.id, { role: ROLE.creator })
      const created = await announceIn(tx, self, id, { action: { _: 'messageActionChannelCreate', title } })
      const update: tl.Update = { _: 'updateChannel', channelId: id }
      return sentUpdates(tx, [created], [update])
    })
  },
  { flood: 'create' },
)
