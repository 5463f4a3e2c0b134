import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'

const settings = query<{ owner: number }>()((db, p) =>
  db.selectFrom('contact_setting').selectAll().where('owner', '=', p.owner),
)

/** The settings of an account about its contacts. */
export async function contactSettings(
  ctx: Ctx,
  owner: number,
): Promise<{ noTopPeers: boolean; silentSignUp: boolean }> {
  const [row] = await ctx.run(settings, { owner })
  return { noTopPeers: row?.no_top_peers === 1, silentSignUp: row?.silent_sign_up === 1 }
}

export async function setContactSetting(tx: Tx, name: 'no_top_peers' | 'silent_sign_up', on: boolean): Promise<void> {
  const value = on ? 1 : 0
  await tx.trx
    .insertInto('contact_setting')
    .values({ owner: tx.userId, no_top_peers: 0, silent_sign_up: 0, [name]: value })
    .onConflict((c) => c.column('owner').doUpdateSet({ [name]: value }))
    .execute()
}
