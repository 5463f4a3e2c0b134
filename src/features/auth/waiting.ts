import type { App } from '../../rpc/app.ts'
import type * as tl from '../../tl/gen/types.ts'
import { LATEST_LAYER, writeInto } from '../../tl/index.ts'

/**
 * Pushes an update to a device that nobody has signed in on, and that therefore has no box.
 * @TODO sessions on other nodes: ends with the bus between nodes; until then such a device learns of it when it asks
 * again, which clients do when their token expires.
 */
export function pushToKey(app: App, key: string, update: tl.Update): void {
  const updates: tl.Updates = { _: 'updateShort', update, date: Math.floor(app.clock.now() / 1000) }
  for (const { pipe, auth } of app.authorizations.get(key)?.sessions ?? []) {
    pipe.push((writer) => writeInto(writer, updates, auth.layer || LATEST_LAYER))
  }
}
