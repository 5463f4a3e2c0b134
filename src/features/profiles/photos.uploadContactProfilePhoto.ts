import { access, type UserRef } from '../../domain/access.ts'
import type { PhotoRow } from '../../domain/files.ts'
import { makeProfilePhoto } from '../../domain/photos.ts'
import { sendMessage } from '../../domain/send.ts'
import { contactRow } from '../../domain/users.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { photoAnswer } from './photos.ts'

/** Suggests a photo to somebody: a message in their chat, which brings the photo along. */
async function suggest(ctx: Ctx, user: UserRef, row: PhotoRow): Promise<void> {
  const photo = readObject(row.tl) as tl.Photo
  await ctx.transact(async (tx) => {
    const self = await access.user(tx, { _: 'inputUserSelf' })
    // The answer does not carry the message, so this session is told of it like the others.
    await sendMessage(tx.aloud, self, user, { action: { _: 'messageActionSuggestProfilePhoto', photo } })
  })
}

/** The photo that the caller sees for a contact, or none of the caller's choice. Nobody else learns of it. */
async function setPersonal(tx: Tx, user: UserRef, photo: number | null): Promise<void> {
  const changed = await tx.trx
    .updateTable('contact')
    .set({ photo_id: photo })
    .where('owner', '=', tx.userId)
    .where('user_id', '=', user.id)
    .returning('user_id')
    .executeTakeFirst()
  if (!changed) throw new RpcError('CONTACT_MISSING')
  await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateUser', userId: user.id } })
}

export default method(
  'photos.uploadContactProfilePhoto',
  async (ctx, req) => {
    const user = await access.user(ctx, req.userId)
    if (user.self || user.row.deleted || user.row.bot) throw new RpcError('USER_ID_INVALID')
    const given = req.file ?? req.video ?? req.videoEmojiMarkup
    if (!given && !req.save) throw new RpcError('NEED_ACTION_MISSING')
    if (!req.suggest && !(await contactRow(ctx, ctx.userId, user.id))) throw new RpcError('CONTACT_MISSING')
    const row = given && (await makeProfilePhoto(ctx, req))
    if (req.suggest && row) await suggest(ctx, user, row)
    else await ctx.transact((tx) => setPersonal(tx, user, row?.id ?? null))
    return photoAnswer(ctx, row, [user.id])
  },
  { flood: 'write' },
)
