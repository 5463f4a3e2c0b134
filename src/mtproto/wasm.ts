// The compiled ciphers, loaded synchronously, and a fixed region of their memory to work in: a call costs no allocation.
import { readFileSync } from 'node:fs'
import { __getWasm, getWasmUrl, initSync } from '@mtcute/wasm'

initSync(readFileSync(getWasmUrl()))

export const wasm = __getWasm()

/** Bytes that are worked on at a time; longer data goes through in pieces. */
export const PIECE = 16384
/** Where input, output and the two inputs of the key derivation lie; all are multiples of 16. */
export const INPUT = (wasm.__malloc(PIECE * 2 + 512) + 15) & ~15
export const OUTPUT = INPUT + PIECE + 64
export const KDF_A = OUTPUT + PIECE + 64
export const KDF_B = KDF_A + 64
export const DIGEST = wasm.__get_shared_out()
export const KEY = wasm.__get_shared_key_buffer()
export const IV = wasm.__get_shared_iv_buffer()

let bytes = Buffer.from(wasm.memory.buffer)
let words = new Int32Array(wasm.memory.buffer)

/** The memory; somebody else's large call may have grown it, which detaches older views. */
export function memory(): Buffer {
  if (bytes.length === 0) bytes = Buffer.from(wasm.memory.buffer)
  return bytes
}

/** The same in words. */
export function memoryWords(): Int32Array {
  if (words.length === 0) words = new Int32Array(wasm.memory.buffer)
  return words
}
