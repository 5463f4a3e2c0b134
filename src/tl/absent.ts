import { TlError } from './error.ts'

export const NO_BYTES = new Uint8Array(0)

/** A field that shares its flag with one that is there. */
export function absent(key: string): never {
  throw new TlError(`${key} is missing: it comes with another field that is there`)
}
