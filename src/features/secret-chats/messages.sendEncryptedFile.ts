import { secretChat } from '../../domain/secret-chats.ts'
import { returnSecretFile, secretFileRow, takeSecretFile, viewSecretFile } from '../../domain/secret-files.ts'
import { method } from '../../rpc/method.ts'
import { sendSealed } from './actions.ts'
import { checkSealed } from './keys.ts'

export default method(
  'messages.sendEncryptedFile',
  async (ctx, req) => {
    await secretChat(ctx, req.peer, 'ENCRYPTION_DECLINED')
    checkSealed(req.data, ctx.app.config.limits.secretBytes)
    const file = await takeSecretFile(ctx, req.file)
    try {
      const sent = await ctx.transact(async (tx) => {
        const chat = await secretChat(tx, req.peer, 'ENCRYPTION_DECLINED')
        return sendSealed(tx, chat, { randomId: req.randomId, bytes: req.data, service: false, file })
      })
      if (sent.again) await returnSecretFile(ctx, file)
      const row = sent.again ? await secretFileRow(ctx, sent.fileId) : file.row
      return {
        _: 'messages.sentEncryptedFile',
        date: sent.date,
        file: row ? viewSecretFile(ctx, row) : { _: 'encryptedFileEmpty' },
      }
    } catch (error) {
      await returnSecretFile(ctx, file)
      throw error
    }
  },
  { flood: 'send' },
)
