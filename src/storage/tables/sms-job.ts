/** An account whose phone sends text messages for the server, or did. */
export interface SmsSenderTable {
  owner: number
  joined: number
  /** It sends to other countries, too. */
  international: number
  /** What it has sent within the month that began then. */
  recent_since: number
  recent_sent: number
  total_since: number
  total_sent: number
}

/** A text message that waits for somebody's phone to send it. */
export interface SmsJobTable {
  id: string
  /** Whose phone it is given to. */
  owner: number
  phone: string
  /** The text, and the code in it, sealed under the server's secret. */
  sealed: Uint8Array
  /** Accounts that were given it and did not send it: their numbers, with commas between. */
  tried: string
}

declare module './index.ts' {
  interface Tables {
    sms_sender: SmsSenderTable
    sms_job: SmsJobTable
  }
}
