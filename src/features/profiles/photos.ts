import { type PhotoRow, viewPhoto } from '../../domain/files.ts'
import { viewUsers } from '../../domain/users.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A photo that was set, or none, with those whose photo it is. */
export async function photoAnswer(
  ctx: Ctx,
  row: PhotoRow | undefined,
  users: readonly number[],
): Promise<tl.photos_photo> {
  return {
    _: 'photos.photo',
    photo: row ? viewPhoto(ctx, row) : { _: 'photoEmpty', id: 0n },
    users: await viewUsers(ctx, users),
  }
}

/** Photos of a bot are set by its owner. */
export function refuseBots(bot: tl.InputUser | undefined): void {
  // @TODO owners of bots: ends with the bots' folder.
  if (bot) throw new RpcError('NOT_IMPLEMENTED')
}
