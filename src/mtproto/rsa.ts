// The server's RSA key: clients know its fingerprint and encrypt the first secret of the key exchange with it.
import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { Writer } from '../tl/writer.ts'
import { sha1 } from './crypto.ts'

export interface RsaKey {
  /** Lower 64 bits of the SHA1 of modulus and exponent as TL strings; signed, as TL's long is. */
  fingerprint: bigint
  modulus: Buffer
  exponent: Buffer
  /** PKCS#1 PEM, as clients carry it. */
  publicPem: string
  privatePem: string
}

/** The key in a PEM (PKCS#1 or PKCS#8). @throws when it is no RSA key of 2048 bits. */
export function loadRsaKey(privatePem: string): RsaKey {
  const privateKey = createPrivateKey(privatePem)
  const details = privateKey.asymmetricKeyDetails
  if (privateKey.asymmetricKeyType !== 'rsa' || details?.modulusLength !== 2048) {
    throw new Error('the key exchange needs an RSA key of 2048 bits')
  }
  const publicKey = createPublicKey(privateKey)
  const { n, e } = publicKey.export({ format: 'jwk' })
  const modulus = Buffer.from(n!, 'base64url')
  const exponent = Buffer.from(e!, 'base64url')
  return {
    fingerprint: rsaFingerprint(modulus, exponent),
    modulus,
    exponent,
    publicPem: pem(publicKey),
    privatePem: pem(privateKey),
  }
}

/**
 * A new key of 2048 bits. Its fingerprint has 16 hexadecimal digits: mtcute looks keys up by the digits without leading
 * zeros, and would not find one in sixteen.
 */
export function createRsaKey(): RsaKey {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = loadRsaKey(pem(privateKey))
    if (BigInt.asUintN(64, key.fingerprint) >> 60n !== 0n) return key
  }
}

/** https://core.telegram.org/mtproto/auth_key: SHA1 of the bare type rsa_public_key n:string e:string. */
export function rsaFingerprint(modulus: Uint8Array, exponent: Uint8Array): bigint {
  const w = new Writer(new Map(), 512)
  w.bytes(modulus)
  w.bytes(exponent)
  return sha1(w.written()).readBigInt64LE(12)
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs1', format: 'pem' }) as string

export const NO_PADDING = constants.RSA_NO_PADDING
