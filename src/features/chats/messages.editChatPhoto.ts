import { access } from '../../domain/access.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { chatPhoto } from '../../domain/photos.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { readObject } from '../../tl/index.ts'
import { changeChat } from './actions.ts'

export default method(
  'messages.editChatPhoto',
  async (ctx, req) => {
    mustInChat(await access.chat(ctx, req.chatId), 'changeInfo')
    // Reading and scaling a picture takes its time: it is done before the transaction.
    const photo = await chatPhoto(ctx, req.photo)
    return ctx.transact(async (tx) => {
      const chat = await access.chat(tx, req.chatId)
      mustInChat(chat, 'changeInfo')
      if ((photo?.id ?? null) === chat.row.photo_id) throw new RpcError('CHAT_NOT_MODIFIED')
      if (!photo) return changeChat(tx, chat, { photo_id: null }, { _: 'messageActionChatDeletePhoto' })
      const action = { _: 'messageActionChatEditPhoto' as const, photo: readObject(photo.tl) }
      return changeChat(tx, chat, { photo_id: photo.id }, action)
    })
  },
  { flood: 'write' },
)
