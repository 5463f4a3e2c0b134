import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../../rpc/context.ts'
import type { Tables } from '../../storage/index.ts'
import { sessionOf } from './actions.ts'

/** What a token signs in: a device that shows a QR code, a client's key for another data centre, one that logged out. */
export type TokenKind = 'qr' | 'export' | 'logout'
export type TokenRow = Selectable<Tables['login_token']>

const SIZE = 32

const idOf = (token: Uint8Array): string => createHash('sha256').update(token).digest('hex')

/** Draws a token of the calling key and writes its hash down. */
export async function issueToken(
  tx: Tx,
  kind: TokenKind,
  userId: number,
  seconds: number,
  others: readonly number[] = [],
): Promise<Buffer> {
  const token = tx.app.random(SIZE)
  await tx.trx
    .insertInto('login_token')
    .values({
      id: idOf(token),
      kind,
      user_id: userId,
      key: sessionOf(tx).auth.id,
      others: JSON.stringify(others),
      expires_at: tx.now + seconds,
    })
    .execute()
  return token
}

/** A token's row, also when it has expired; undefined for one that was never given out. */
export async function tokenRow(ctx: Ctx, kind: TokenKind, token: Uint8Array): Promise<TokenRow | undefined> {
  if (token.length !== SIZE) return undefined
  const row = await ctx.db.selectFrom('login_token').selectAll().where('id', '=', idOf(token)).executeTakeFirst()
  return row?.kind === kind ? row : undefined
}

/** Takes a token that is good now: nobody else can use it again. */
export async function takeToken(tx: Tx, kind: TokenKind, token: Uint8Array): Promise<TokenRow | undefined> {
  if (token.length !== SIZE) return undefined
  return tx.trx
    .deleteFrom('login_token')
    .where('id', '=', idOf(token))
    .where('kind', '=', kind)
    .where('expires_at', '>', tx.now)
    .returningAll()
    .executeTakeFirst()
}

/** Takes the QR token of the calling key that somebody has accepted, if there is one. */
export async function takeAccepted(tx: Tx): Promise<TokenRow | undefined> {
  return tx.trx
    .deleteFrom('login_token')
    .where('key', '=', sessionOf(tx).auth.id)
    .where('kind', '=', 'qr')
    .where('user_id', '>', 0)
    .where('expires_at', '>', tx.now)
    .returningAll()
    .executeTakeFirst()
}

/** Forgets the tokens of the calling key that nobody has accepted: the newest one counts. */
export async function dropUnaccepted(tx: Tx): Promise<void> {
  await tx.trx
    .deleteFrom('login_token')
    .where('key', '=', sessionOf(tx).auth.id)
    .where('kind', '=', 'qr')
    .where('user_id', '=', 0)
    .execute()
}

/** How long somebody who accepted waits for the other device to sign in, in seconds. */
const ACCEPTED_LIFE = 600

/** Takes note of who accepted. False when somebody else was first. */
export async function acceptToken(tx: Tx, row: TokenRow, userId: number): Promise<boolean> {
  const accepted = await tx.trx
    .updateTable('login_token')
    .set({ user_id: userId, expires_at: tx.now + ACCEPTED_LIFE })
    .where('id', '=', row.id)
    .where('user_id', '=', 0)
    .returning('id')
    .executeTakeFirst()
  return accepted !== undefined
}

/** After logging out, signing in again takes no code for so long, in seconds. */
export const FUTURE_LIFE = 60 * 86_400
/** Clients send so many of these tokens at most. https://core.telegram.org/api/auth#future-auth-tokens */
export const FUTURE_TOKENS = 20

/** The account's tokens of earlier logouts are worth nothing any more. */
export async function dropFutureTokens(tx: Tx, userId: number): Promise<void> {
  await tx.trx.deleteFrom('login_token').where('user_id', '=', userId).where('kind', '=', 'logout').execute()
}
