import { access } from '../../domain/access.ts'
import { announceIn, logEvent, tellAll } from '../../domain/channel-members.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { communityNamed, mustInCommunity } from '../../domain/communities.ts'
import { editCommunity } from '../../domain/community-settings.ts'
import { photoRow } from '../../domain/files.ts'
import { chatPhoto } from '../../domain/photos.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

export default method(
  'channels.editPhoto',
  async (ctx, req) => {
    const community = await communityNamed(ctx, req.channel)
    if (community) mustInCommunity(ctx, community, 'changeInfo')
    else mustInChannel(ctx, await access.channel(ctx, req.channel), 'changeInfo')
    // Reading and scaling a picture takes its time: it is done before the transaction.
    const photo = await chatPhoto(ctx, req.photo)
    return ctx.transact(async (tx) => {
      const named = community && (await communityNamed(tx, req.channel))
      if (named) return editCommunity(tx, named, { photo_id: photo?.id ?? null })
      const channel = await locked(tx, req.channel)
      mustInChannel(tx, channel, 'changeInfo')
      const before = channel.row.photo_id
      if ((photo?.id ?? null) === before) throw new RpcError('CHAT_NOT_MODIFIED')
      await setChannel(tx, channel, { photo_id: photo?.id ?? null })
      const old = before ? await photoRow(tx, before) : undefined
      const none: tl.Photo = { _: 'photoEmpty', id: 0n }
      const prevPhoto = old ? (readObject(old.tl) as tl.Photo) : none
      const newPhoto = photo ? (readObject(photo.tl) as tl.Photo) : none
      await logEvent(tx, channel.id, 'info', { _: 'channelAdminLogEventActionChangePhoto', prevPhoto, newPhoto })
      const update = await tellAll(tx, channel.id)
      const action: tl.MessageAction = photo
        ? { _: 'messageActionChatEditPhoto', photo: newPhoto }
        : { _: 'messageActionChatDeletePhoto' }
      return changed(tx, [update], [await announceIn(tx, access.me(tx), channel.id, { action })])
    })
  },
  { flood: 'write' },
)
