// What a stream of frames may be dressed in: obfuscation, and TLS records round it.
import { RecordReader, wrapRecords } from './fake-tls.ts'
import type { Obfuscation, Secret } from './obfuscation.ts'

export class Outside {
  /** The secret whose TLS records it comes out of. */
  readonly secret: Secret | undefined
  #records: RecordReader | undefined
  #obfuscation: Obfuscation | undefined

  /** @param secret of a stream in TLS records */
  constructor(secret?: Secret) {
    this.secret = secret
    if (secret !== undefined) this.#records = new RecordReader()
  }

  /** From here on it is obfuscated; gives what the bytes that are here already say. */
  obfuscated(obfuscation: Obfuscation, bytes: Buffer): Buffer {
    this.#obfuscation = obfuscation
    return obfuscation.incoming.update(bytes)
  }

  /** What stands after the names of transports that are dressed so. */
  get name(): string {
    return this.#records !== undefined ? '+tls' : '+obfuscated'
  }

  /** Takes what came in out of it; undefined when that is no TLS record. */
  take(chunk: Buffer): Buffer | undefined {
    const bytes = this.#records === undefined ? chunk : this.#records.push(chunk)
    return bytes === undefined || this.#obfuscation === undefined ? bytes : this.#obfuscation.incoming.update(bytes)
  }

  /** Nothing has come in for some time: called every second or so, lets go of what is made anew when it is used. */
  letGo(): void {
    this.#obfuscation?.incoming.letGo()
    this.#obfuscation?.outgoing.letGo()
  }

  /** Puts what goes out into it: always bytes of their own. */
  wrap(frame: Buffer): Buffer {
    const bytes = this.#obfuscation === undefined ? frame : this.#obfuscation.outgoing.update(frame)
    return this.#records === undefined ? bytes : wrapRecords(bytes)
  }
}
