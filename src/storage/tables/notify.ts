import type { Generated } from 'kysely'

/** Notification settings that differ from the default. */
export interface NotifySettingTable {
  owner: number
  /** `users`, `chats`, `broadcasts`, a dialog's marked id, with a topic's after `/`, or `community:` and its id. */
  scope: string
  /** TL PeerNotifySettings. */
  tl: Uint8Array
  /** Its `mute_until`, null where the scope's holds. */
  mute_until: number | null
}

/** A notification sound that an account has saved. */
export interface RingtoneTable {
  owner: number
  document_id: number
  /** The order of saving. */
  position: number
}

/** Where an account wants its notifications sent. @NOTE nothing is sent there: see docs/notifications.md. */
export interface PushTokenTable {
  owner: number
  token_type: number
  token: string
  /** The authorization that registered it. */
  auth_key: string
  no_muted: Generated<number>
  sandbox: Generated<number>
  /** Key under which the client wants what is pushed encrypted. */
  secret: Uint8Array
  date: number
}

/** A client that locks itself after a time without use, and then wants no texts in what is pushed. */
export interface DeviceLockTable {
  auth_key: string
  owner: number
  /** Seconds; -1 when it is locked never. */
  period: number
  date: number
}

declare module './index.ts' {
  interface Tables {
    notify_setting: NotifySettingTable
    ringtone: RingtoneTable
    push_token: PushTokenTable
    device_lock: DeviceLockTable
  }
}
