// AES-IGE by WASM and by OpenSSL at several lengths: where OPENSSL_FROM should lie. One JSON line per measurement.
import { randomBytes } from 'node:crypto'
import { igeDecrypt, igeEncryptOpenssl, igeEncryptWasm } from '../src/mtproto/ige.ts'

const key = randomBytes(32)
const iv = randomBytes(32)

function measure(name: string, bytes: number, run: () => unknown): void {
  const rounds = Math.max(20, Math.floor(8_000_000 / (bytes + 2000)))
  for (let i = 0; i < rounds / 4; i++) run()
  let best = Number.POSITIVE_INFINITY
  for (let n = 0; n < 3; n++) {
    const start = process.cpuUsage().user
    for (let i = 0; i < rounds; i++) run()
    best = Math.min(best, (process.cpuUsage().user - start) / rounds)
  }
  const micros = Math.round(best * 100) / 100
  console.log(JSON.stringify({ bench: 'ige', name, bytes, micros, mbPerSecond: Math.round(bytes / best) }))
}

for (const bytes of [64, 256, 512, 1024, 1536, 2048, 3072, 4096, 16384, 65536, 524288]) {
  const data = randomBytes(bytes)
  const out = Buffer.alloc(bytes)
  measure('encrypt wasm', bytes, () => igeEncryptWasm(data, key, iv, out, 0))
  measure('encrypt openssl', bytes, () => igeEncryptOpenssl(data, key, iv, out, 0))
  measure('decrypt wasm', bytes, () => igeDecrypt(data, key, iv))
}
