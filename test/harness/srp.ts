import { randomBytes } from 'node:crypto'
import { Api } from 'telegram'
import { computeCheck, computeDigest } from 'telegram/Password.js'
import type * as tl from '../../src/tl/gen/types.ts'

/** The client's side of two-factor passwords, as a client library has it, so that ours meets one in use. */
type Algo = tl.passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow

function algoOf(algo: tl.PasswordKdfAlgo | undefined): Algo {
  if (algo?._ !== 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow') throw new Error('no algorithm')
  return algo
}

const theirs = ({ salt1, salt2, g, p }: Algo) =>
  new Api.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow({
    salt1: Buffer.from(salt1),
    salt2: Buffer.from(salt2),
    g,
    p: Buffer.from(p),
  })

/** Proves to know a password, for what account.getPassword answered. */
export async function proofOf(state: tl.account_password, password: string): Promise<tl.inputCheckPasswordSRP> {
  const check = await computeCheck(
    {
      currentAlgo: theirs(algoOf(state.currentAlgo)),
      srp_B: Buffer.from(state.srpB!),
      srpId: state.srpId,
    } as never,
    password,
  )
  const { A, M1 } = check as Api.InputCheckPasswordSRP
  return { _: 'inputCheckPasswordSRP', srpId: state.srpId!, A, M1 }
}

/** A new password for account.updatePasswordSettings, with salts as the server wants them. */
export async function newPassword(
  state: tl.account_password,
  password: string,
): Promise<{ newAlgo: Algo; newPasswordHash: Uint8Array }> {
  const algo = algoOf(state.newAlgo)
  const newAlgo = { ...algo, salt1: Buffer.concat([algo.salt1, randomBytes(32)]) }
  return { newAlgo, newPasswordHash: await computeDigest(theirs(newAlgo), password) }
}
