import { secretChat } from '../../domain/secret-chats.ts'
import { returnSecretFile, takeSecretFile, useSecretFile, viewSecretFile } from '../../domain/secret-files.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.uploadEncryptedFile',
  async (ctx, req) => {
    await secretChat(ctx, req.peer)
    const file = await takeSecretFile(ctx, req.file)
    try {
      await ctx.transact(async (tx) => useSecretFile(tx, file, (await secretChat(tx, req.peer)).row.id))
    } catch (error) {
      await returnSecretFile(ctx, file)
      throw error
    }
    return viewSecretFile(ctx, file.row)
  },
  { flood: 'upload' },
)
