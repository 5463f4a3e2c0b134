import { setting } from '../../domain/settings.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** The setting in which the operator keeps the terms: `{"id", "text", "popup"?, "minAge"?}`, JSON; none by default. */
export const TERMS = 'terms_of_service'

interface Terms {
  /** Names this version of the text: people are asked again when it changes. */
  id: string
  text: string
  popup?: boolean
  minAge?: number
}

/** The operator's terms of service, or undefined. https://core.telegram.org/api/auth#terms-of-service */
export async function termsFor(ctx: Ctx): Promise<{ id: string; terms: tl.help_termsOfService } | undefined> {
  const value = await setting(ctx, TERMS)
  if (value === undefined) return undefined
  const { id, text, popup, minAge } = JSON.parse(value) as Terms
  return {
    id,
    terms: {
      _: 'help.termsOfService',
      popup: popup || undefined,
      id: { _: 'dataJSON', data: JSON.stringify({ id }) },
      text,
      entities: [],
      minAgeConfirm: minAge,
    },
  }
}

/** Takes note that an account has agreed to this version. */
export async function acceptTerms(tx: Tx, userId: number, id: string): Promise<void> {
  const row = { user_id: userId, terms: id, date: tx.now }
  await tx.trx
    .insertInto('accepted_terms')
    .values(row)
    .onConflict((c) => c.column('user_id').doUpdateSet(row))
    .execute()
}

/** The version that an account agreed to last. */
export async function acceptedTerms(ctx: Ctx, userId: number): Promise<string | undefined> {
  const row = await ctx.db.selectFrom('accepted_terms').select('terms').where('user_id', '=', userId).executeTakeFirst()
  return row?.terms
}
