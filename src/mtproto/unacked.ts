// What a session has sent and the client has not acknowledged; it is sent again when its connection is lost.
import type { Connection } from './connection.ts'
import { NONE } from './lists.ts'
import { compact } from './outgoing.ts'
import type { Sent } from './sent.ts'
import type { Server } from './server.ts'

/** Messages and bytes at most; beyond them the oldest count as delivered, since TCP has carried them. */
const MESSAGES = 4096
const BYTES = 4 * 1024 * 1024
/** Answers up to so many bytes are kept beyond their acknowledgement, for so many ms. */
const KEPT_ANSWER = 1024
const KEPT_MS = 60_000
/** After so many ms a message becomes bytes, which take less memory than what they are written from. */
const COMPACT_MS = 30_000
/** After so many ms a client that was heard of since will not acknowledge any more. */
const FORGET_MS = 120_000
const HEARD_MS = 60_000

export class Unacked {
  /** Bytes of pushes. */
  pushed = 0
  private readonly server: Server
  private messages: Map<bigint, Sent> | undefined
  private bytes = 0
  private kept: Sent[] | undefined
  private keptBytes = 0

  constructor(server: Server) {
    this.server = server
  }

  get(msgId: bigint): Sent | undefined {
    return this.messages?.get(msgId)
  }

  /** Every message, oldest first. */
  all(): Iterable<Sent> {
    return this.messages?.values() ?? NONE
  }

  /** A message has left. */
  add(sent: Sent, link: Connection): void {
    const first = sent.at === 0
    sent.queued = false
    sent.link = link
    sent.at = this.server.time
    this.messages ??= new Map()
    if (sent.acked || (!first && this.messages.has(sent.msgId))) return
    this.messages.set(sent.msgId, sent)
    this.bytes += sent.bytes
    if (sent.req === undefined) this.pushed += sent.bytes
    if (this.messages.size <= MESSAGES && this.bytes <= BYTES) return
    for (const oldest of this.messages.values()) {
      if (this.messages.size <= MESSAGES && this.bytes <= BYTES) return
      this.settle(oldest)
    }
  }

  /** Takes a message out, and lets go of what it says. */
  settle(sent: Sent): void {
    this.remove(sent)
    forget(sent)
  }

  private remove(sent: Sent): void {
    if (!this.messages?.delete(sent.msgId)) return
    this.bytes -= sent.bytes
    if (sent.req === undefined) this.pushed -= sent.bytes
  }

  /** The client has it. Small answers are kept, in case their request is repeated. */
  acknowledged(msgId: bigint): void {
    const sent = this.messages?.get(msgId)
    if (sent === undefined) return
    sent.acked = true
    if (sent.req === undefined || sent.bytes > KEPT_ANSWER) {
      this.settle(sent)
      return
    }
    this.remove(sent)
    if (this.kept === undefined) this.kept = [sent]
    else this.kept.push(sent)
    this.keptBytes += sent.bytes
    while (this.keptBytes > this.server.options.keptAnswers) this.forgetKept()
  }

  private forgetKept(): void {
    const sent = this.kept!.shift()!
    this.keptBytes -= sent.bytes
    forget(sent)
  }

  /** A kept answer is to be sent, and acknowledged, again. */
  revive(sent: Sent): void {
    const at = this.kept?.indexOf(sent) ?? -1
    if (at < 0) return
    this.kept!.splice(at, 1)
    this.keptBytes -= sent.bytes
    sent.acked = false
  }

  /** The connection is gone: what it carried may be lost. */
  lose(link: Connection): void {
    for (const sent of this.all()) if (sent.link === link) sent.link = undefined
  }

  /** Messages that may be lost and are not queued again yet; they are from now on. */
  takeLost(): Sent[] {
    const lost: Sent[] = []
    for (const sent of this.all()) {
      if (sent.link !== undefined || sent.queued) continue
      sent.queued = true
      lost.push(sent)
    }
    return lost
  }

  sweep(now: number): void {
    for (const sent of this.all()) {
      if (now - sent.at < COMPACT_MS) break
      if (sent.link !== undefined && now - sent.at > FORGET_MS && sent.link.lastFrame > sent.at + HEARD_MS) {
        this.settle(sent)
      } else if (sent.write !== undefined) compact(sent, this.server)
    }
    if (this.kept === undefined) return
    while (this.kept.length > 0 && now - this.kept[0]!.at > KEPT_MS) this.forgetKept()
    if (this.kept.length === 0) this.kept = undefined
  }

  /** Nothing is sent at present: what is empty need not keep its room. */
  letGo(): void {
    if (this.messages?.size === 0) this.messages = undefined
    if (this.kept !== undefined) this.kept = this.kept.slice()
  }

  clear(): void {
    this.messages = undefined
    this.kept = undefined
    this.bytes = 0
    this.pushed = 0
    this.keptBytes = 0
  }
}

// Lets go of what a message says. Of an answer that the client has, nothing is kept.
function forget(sent: Sent): void {
  sent.write?.free?.()
  sent.write = undefined
  sent.body = undefined
  if (sent.acked && sent.req !== undefined) sent.req.answer = undefined
}
