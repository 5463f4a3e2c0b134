import { access } from '../../domain/access.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { chatPhoto } from '../../domain/photos.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { changeChat } from './actions.ts'

export default method(
  'messages.editChatPhoto',
  async (ctx, req) => {
    mustInChat(await access.chat(ctx, req.chatId), 'changeInfo')
    const photo = await chatPhoto(ctx, req.photo)
    return ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      mustInChat(chat, 'changeInfo')
      if ((photo?.id ?? null) === chat.row.photo_id) throw new RpcError('CHAT_NOT_MODIFIED')
      const action: tl.MessageAction = photo
        ? { _: 'messageActionChatEditPhoto', photo: readObject(photo.tl) as tl.Photo }
        : { _: 'messageActionChatDeletePhoto' }
      return changeChat(tx, chat, { photo_id: photo?.id ?? null }, action)
    })
  },
  { flood: 'write' },
)
