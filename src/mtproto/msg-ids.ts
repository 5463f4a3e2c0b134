// The server's message ids: https://core.telegram.org/mtproto/description#message-identifier-msg-id

/** Makes ids that grow, whatever the clock does. */
export class MessageIds {
  private readonly view = new DataView(new ArrayBuffer(8))
  private second = 0
  private fraction = 0

  /** `now` is in ms; `kind` is 1 for what answers a message of the client, 3 for the rest. */
  next(now: number, kind: 1 | 3): bigint {
    let second = Math.floor(now / 1000)
    // Units of 2^-30 s, times 4.
    let fraction = Math.floor((now - second * 1000) * 1073741.824) * 4
    if (second < this.second || (second === this.second && fraction <= this.fraction)) {
      second = this.second
      fraction = this.fraction + 4
      if (fraction > 0xfffffffc) {
        second++
        fraction = 0
      }
    }
    this.second = second
    this.fraction = fraction
    this.view.setUint32(4, second, true)
    this.view.setUint32(0, fraction + kind, true)
    return this.view.getBigInt64(0, true)
  }
}
