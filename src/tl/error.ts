/** What the codec throws, and the only thing: the bytes are no TL object we know, or the object does not fit its type. */
export class TlError extends Error {
  override name = 'TlError'
}
