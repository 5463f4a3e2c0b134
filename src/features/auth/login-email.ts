import type { Ctx, Tx } from '../../rpc/context.ts'

/** The mail address that an account's login codes go to, and whether it is to be taken off. */
export async function loginEmail(ctx: Ctx, userId: number) {
  return ctx.db.selectFrom('login_email').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

export async function setLoginEmail(tx: Tx, userId: number, email: string): Promise<void> {
  await tx.trx
    .insertInto('login_email')
    .values({ user_id: userId, email })
    .onConflict((c) => c.column('user_id').doUpdateSet({ email, reset_at: 0 }))
    .execute()
}

/** Whoever asked for the address to be taken off has read it since. */
export async function keepLoginEmail(tx: Tx, userId: number): Promise<void> {
  await tx.trx.updateTable('login_email').set({ reset_at: 0 }).where('user_id', '=', userId).execute()
}
