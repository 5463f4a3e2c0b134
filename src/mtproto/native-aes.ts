// AES-256-IGE with the processor's own instructions in both directions, through the OpenSSL that Node contains. Node's
// ciphers offer no IGE, and none of them feeds what it has decrypted into the next block, as decrypting IGE does; but
// OpenSSL's own CBC takes the block function as an argument, and CBC "encryption" with AES decryption is that chain.
// It is reached by node:ffi. Where that module, one of the symbols, or the processor's AES is missing, or a trial shows
// a difference, the caller goes on with what there is always (ige.ts): nothing depends on this but the speed.
import { readFileSync } from 'node:fs'

/** Bytes worked on at a time: both scratch areas stay in the second cache. */
const PIECE = 65536
/** A call across costs more than WASM takes for less. */
export const NATIVE_FROM = 2048

type Cbc = (from: Uint8Array, to: Uint8Array, length: bigint, key: Uint8Array, iv: Uint8Array, last: unknown) => void
type SetKey = (key: Uint8Array, bits: number, schedule: Uint8Array) => number

interface Native {
  setEncryptKey: SetKey
  setDecryptKey: SetKey
  encrypt: Cbc
  decrypt: Cbc
  /** The address of the block function that `decrypt` is called with. */
  block: bigint
}

let native: Native | null | undefined

// (func (export "x") (param $to i32) (param $a i32) (param $b i32) (param $end i32)
//   (loop (v128.store (local.get $to) (v128.xor (v128.load (local.get $a)) (v128.load (local.get $b))))
//     ;; $a, $b, $to += 16
//     (br_if 0 (i32.lt_u (local.get $to) (local.get $end)))))  (memory (export "m") 3)
// In the engine's own loops the same takes a fifth of what the cipher takes.
const XOR = Buffer.from(
  '0061736d0100000001080160047f7f7f7f0003020100050301000307090201780000016d02000a350133000340200020' +
    '01fd0004002002fd000400fd51fd0b0400200141106a2101200241106a2102200041106a22002003490d000b0b',
  'hex',
)
// The types of WebAssembly come with those of a browser only.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}
const xor = new WebAssembly.Instance(new WebAssembly.Module(XOR)).exports as {
  m: { buffer: ArrayBuffer }
  x(to: number, a: number, b: number, end: number): void
}
// In its memory: two blocks that stand before the piece, then the piece (from 0); what goes into the cipher and comes out
// of it.
const CHAINED = PIECE + 64
const bytes = new Uint8Array(xor.m.buffer)
const chained = bytes.subarray(CHAINED, CHAINED + PIECE)
// Not on the engine's heap, where small arrays are.
const small = new Uint8Array(new ArrayBuffer(512))
const schedule = small.subarray(0, 256)
const feed = small.subarray(256, 272)
const theKey = small.subarray(272, 304)

/**
 * Encrypts or decrypts `length` bytes (a multiple of 16) of `data` from `from` on, to `out` at `at`, which may be the
 * same place. `iv` is 32 bytes. Gives false, and does nothing, where the processor cannot be reached.
 */
export function igeNative(
  encrypt: boolean,
  data: Uint8Array,
  from: number,
  length: number,
  key: Uint8Array,
  iv: Uint8Array,
  out: Uint8Array,
  at: number,
): boolean {
  if (native === undefined) native = tried(load())
  if (native === null) return false
  run(native, encrypt, data, from, length, key, iv, out, at)
  return true
}

// Encrypting: y[i] = E(p[i] ^ c[i-1]), c[i] = y[i] ^ p[i-1], so y is the CBC encryption of p[i] ^ p[i-2]. Decrypting is
// the same with D for E and the halves of the iv, as well as plain and cipher text, the other way round.
function run(
  cpu: Native,
  encrypt: boolean,
  data: Uint8Array,
  from: number,
  length: number,
  key: Uint8Array,
  iv: Uint8Array,
  out: Uint8Array,
  at: number,
): void {
  theKey.set(key)
  if (encrypt) cpu.setEncryptKey(theKey, 256, schedule)
  else cpu.setDecryptKey(theKey, 256, schedule)
  feed.set(encrypt ? iv.subarray(0, 16) : iv.subarray(16, 32))
  bytes.fill(0, 0, 16)
  bytes.set(encrypt ? iv.subarray(16, 32) : iv.subarray(0, 16), 16)
  for (let done = 0; done < length; done += PIECE) {
    const n = Math.min(PIECE, length - done)
    bytes.set(data.subarray(from + done, from + done + n), 32)
    xor.x(CHAINED, 32, 0, CHAINED + n)
    if (encrypt) cpu.encrypt(chained, chained, BigInt(n), schedule, feed, 1)
    else cpu.decrypt(chained, chained, BigInt(n), schedule, feed, cpu.block)
    xor.x(CHAINED, CHAINED, 16, CHAINED + n)
    out.set(n === PIECE ? chained : chained.subarray(0, n), at + done)
    bytes.copyWithin(0, n, n + 32)
  }
}

function load(): Native | null {
  // @NOTE Only where it was measured and tested; other processors have other names for the same functions.
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const { emitWarning } = process
  try {
    if (!/^flags\s*:.* aes( |$)/m.test(readFileSync('/proc/cpuinfo', 'latin1'))) return null
    // That the module is experimental is allowed for here, and is no news to whoever runs the server.
    process.emitWarning = () => {}
    const ffi = process.getBuiltinModule('node:ffi' as 'node:fs') as unknown as Ffi | undefined
    if (ffi === undefined) return null
    const setKey = { arguments: ['buffer', 'int32', 'buffer'], return: 'int32' }
    const cbc = ['buffer', 'buffer', 'uint64', 'buffer', 'buffer']
    const { lib, functions } = ffi.dlopen(null, {
      aesni_set_encrypt_key: setKey,
      aesni_set_decrypt_key: setKey,
      aesni_cbc_encrypt: { arguments: [...cbc, 'int32'], return: 'void' },
      CRYPTO_cbc128_encrypt: { arguments: [...cbc, 'pointer'], return: 'void' },
    })
    return {
      setEncryptKey: functions.aesni_set_encrypt_key as SetKey,
      setDecryptKey: functions.aesni_set_decrypt_key as SetKey,
      encrypt: functions.aesni_cbc_encrypt as Cbc,
      decrypt: functions.CRYPTO_cbc128_encrypt as Cbc,
      block: ffi.dlsym(lib, 'aesni_decrypt'),
    }
  } catch {
    return null
  } finally {
    process.emitWarning = emitWarning
  }
}

interface Ffi {
  dlopen(path: null, symbols: object): { lib: unknown; functions: Record<string, unknown> }
  dlsym(lib: unknown, symbol: string): bigint
}

/** IGE of 64 zero bytes under the key 00 01 .. 1f and the iv 20 21 .. 3f. */
const KNOWN =
  '5197a15d7aba262b24f8c3a8897f9eeb0f6eac919d8c733bee8593bf182cf16c400846286802641ffbad18af2cc8d7add0643e7c8f6a4071c0b927a122c8f3d5'

function tried(cpu: Native | null): Native | null {
  if (cpu === null) return null
  const bytes = Buffer.from(Array.from({ length: 64 }, (_, i) => i))
  const text = Buffer.alloc(64)
  run(cpu, true, text, 0, 64, bytes.subarray(0, 32), bytes.subarray(32), text, 0)
  if (text.toString('hex') !== KNOWN) return null
  run(cpu, false, text, 0, 64, bytes.subarray(0, 32), bytes.subarray(32), text, 0)
  return text.every((byte) => byte === 0) ? cpu : null
}
