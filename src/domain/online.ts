import type { App } from '../rpc/app.ts'
import { type Ctx, systemCtx } from '../rpc/context.ts'
import { knownBy } from './acquaintances.ts'
import { userRow } from './user-rows.ts'
import { viewStatus } from './users.ts'

/** How long a client counts as online after it said so, in seconds; help.getConfig tells it to say so more often. */
export const ONLINE_SECONDS = 300

/**
 * Tells those who know the caller, are connected and may see it, that the caller came online or went. Never logged:
 * whoever connects later reads it off the user. https://core.telegram.org/constructor/updateUserStatus
 */
export async function tellStatus(ctx: Ctx): Promise<void> {
  ctx.app.nodes.say('status', ctx.userId)
  await tellStatusHere(ctx.app, ctx.userId)
}

/** The same for whoever is connected to this node: each node sees to its own. */
export async function tellStatusHere(app: App, userId: number): Promise<void> {
  const ctx = systemCtx(app, userId)
  const row = await userRow(ctx, userId)
  if (!row) return
  for (const viewer of await knownBy(ctx, userId)) {
    if (!app.hub.listening(viewer)) continue
    const status = await viewStatus(systemCtx(app, viewer), row)
    // To the others nothing has changed: they see "recently" before and after.
    if (status?._ === 'userStatusOnline' || status?._ === 'userStatusOffline') {
      app.hub.signalHere(viewer, { _: 'updateUserStatus', userId, status })
    }
  }
}
