// The product the client has to factorise, so that a key exchange costs it more than the server.

// Odd primes up to the square root of 2^31.
function smallPrimes(): number[] {
  const composite = new Uint8Array(46342)
  const primes: number[] = []
  for (let n = 3; n < composite.length; n += 2) {
    if (composite[n] !== 0) continue
    primes.push(n)
    for (let m = n * n; m < composite.length; m += n) composite[m] = 1
  }
  return primes
}

let small: number[] | undefined

function prime(random: (n: number) => Buffer): number {
  small ??= smallPrimes()
  for (;;) {
    // 31 bits with the uppermost set, odd.
    const n = ((random(4).readUInt32LE(0) & 0x3fffffff) | 0x40000001) >>> 0
    let divisible = false
    for (const p of small) {
      if (p * p > n) break
      if (n % p === 0) {
        divisible = true
        break
      }
    }
    if (!divisible) return n
  }
}

export interface Product {
  pq: Buffer
  p: Buffer
  q: Buffer
}

/** Two different primes of 31 bits, the smaller first, and their product; all big-endian. */
export function primeProduct(random: (n: number) => Buffer): Product {
  const a = prime(random)
  let b = a
  while (b === a) b = prime(random)
  const product = Buffer.alloc(8)
  product.writeBigUInt64BE(BigInt(a) * BigInt(b))
  return { pq: product, p: four(Math.min(a, b)), q: four(Math.max(a, b)) }
}

function four(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
