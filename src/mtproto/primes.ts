// The product the client has to factorise, so that a key exchange costs it more than the server.

/** Candidates' bytes are asked for so many at a time. */
const BLOCK = 64
const SMALL = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]
/** Below 2^32 no composite number passes with all of these. */
const WITNESSES = [2, 7, 61]

// a * b mod n, all of them below 2^31: no step goes beyond 2^53.
const times = (a: number, b: number, n: number): number => (((a * (b >>> 16)) % n) * 0x10000 + a * (b & 0xffff)) % n

/** Whether an odd number above 61 and below 2^31 is prime (Miller and Rabin). */
export function isPrime(n: number): boolean {
  for (const p of SMALL) if (n % p === 0) return false
  let odd = n - 1
  let halvings = 0
  for (; odd % 2 === 0; odd /= 2) halvings++
  return WITNESSES.every((witness) => passes(witness, odd, halvings, n))
}

function passes(witness: number, odd: number, halvings: number, n: number): boolean {
  let x = 1
  for (let base = witness, e = odd; e > 0; e >>>= 1) {
    if ((e & 1) !== 0) x = times(x, base, n)
    base = times(base, base, n)
  }
  if (x === 1) return true
  for (let i = 0; i < halvings; i++) {
    if (x === n - 1) return true
    x = times(x, x, n)
  }
  return false
}

export interface Product {
  pq: Buffer
  p: Buffer
  q: Buffer
}

/** Two different primes of 31 bits, the smaller first, and their product; all big-endian. */
export function primeProduct(random: (n: number) => Buffer): Product {
  let found = 0
  for (;;) {
    const block = random(BLOCK)
    for (let at = 0; at < BLOCK; at += 4) {
      // 31 bits with the uppermost set, odd.
      const n = (block.readUInt32LE(at) & 0x3fffffff) | 0x40000001
      if (n === found || !isPrime(n)) continue
      if (found === 0) {
        found = n
        continue
      }
      const pq = Buffer.alloc(8)
      pq.writeBigUInt64BE(BigInt(found) * BigInt(n))
      return { pq, p: four(Math.min(found, n)), q: four(Math.max(found, n)) }
    }
  }
}

function four(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
