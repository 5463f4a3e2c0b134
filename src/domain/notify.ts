import type * as tl from '../tl/gen/types.ts'
import type { Ctx } from '../rpc/context.ts'

/** An account's notification settings for a dialog. @TODO settings are kept by the notifications folder. */
export async function notifySettings(_ctx: Ctx, _owner: number, _peer: number): Promise<tl.PeerNotifySettings> {
  return { _: 'peerNotifySettings' }
}
